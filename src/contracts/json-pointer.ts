/** Where a member is in a JSON text (RFC 6901): `['items', 0]` → `/items/0`. */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
