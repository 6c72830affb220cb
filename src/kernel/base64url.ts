/** Safe in an address. The text has Latin characters alone. */
export const toBase64Url = (text: string): string =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** Throws for what is no base64url. */
export const fromBase64Url = (encoded: string): string =>
  atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
