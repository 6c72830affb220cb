/**
 * Where a member is in a JSON text (RFC 6901): `['items', 0]` → `/items/0`. Half of a surrogate pair, which no response
 * could carry, is shown as the replacement character.
 */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .toWellFormed()
