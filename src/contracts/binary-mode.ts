/** A header holds printable ASCII and no more; other characters come percent-encoded. */
const PRINTABLE = /^[ -~]*$/
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/

/**
 * A CloudEvents attribute as a header has it (HTTP Protocol Binding 1.0.2, 3.1.3.2): quotes are taken off, then one
 * round of percent-encoding. `undefined` for what does not decode to text.
 */
export const decodeAttribute = (value: string): string | undefined => {
  if (!PRINTABLE.test(value)) return undefined
  const encoded = value.startsWith('"') ? QUOTED.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') : value
  return encoded === undefined ? undefined : decodePercents(encoded)
}

const decodePercents = (encoded: string): string | undefined => {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
