/** Takes the place of a token. No consumer accepts an event with it, so none can charge the default card by mistake. */
const ERASED = { erased: true }
const ERASED_TEXT = '"token":{"erased":true}'

/** A stored event without payment tokens anywhere in it. Everything else stays. */
export const withoutTokens = (json: string): string =>
  JSON.stringify(JSON.parse(json, (name, value) => (name === 'token' && value !== null ? ERASED : value)))

/** Whether a token of a stored event was erased. In a text inside the event, the quotes would be escaped. */
export const hasErasedToken = (json: string): boolean => json.includes(ERASED_TEXT)

/** The SQL condition for events in this column whose tokens were not erased. */
export const keepsTokens = (column: string): string => `instr(${column}, '${ERASED_TEXT}') = 0`
