/** `Bearer` in any case, one space or more, and the token, with nothing after it (RFC 6750, 2.1; RFC 9110, 11.4). */
const BEARER = /^bearer +(\S+)$/i

/** The key or read token of a request. Undefined where the header has another scheme. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1]
