/**
 * The values in a message, each of which is to be an event. The body is the JSON text of a CloudEvents batch, or a value
 * that its queue has parsed, as earlier releases and other programs send it. A lone event counts as a batch of one. A
 * text inside a batch is a whole message that a consumer of an earlier release has parked and an operator has redriven.
 * A text without JSON stays as it came.
 */
export const valuesIn = (body: unknown): unknown[] =>
  listOf(parsed(body)).flatMap((value) => listOf(parsed(value)))

/** Why no event is in a text that `valuesIn` has left as it came. */
export const NO_JSON = 'The message is a text, and the text is no JSON.'

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

const parsed = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    const held: unknown = JSON.parse(value)
    return typeof held === 'object' && held !== null ? held : value
  } catch {
    return value
  }
}
