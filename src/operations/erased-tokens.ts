/** Stands where a token was. No consumer takes an event with it: it cannot charge the default card by mistake. */
const ERASED = { erased: true }
const ERASED_TEXT = '"token":{"erased":true}'

/** A kept event without its payment tokens, wherever they lie. All else that it says stays. */
export const withoutTokens = (json: string): string =>
  JSON.stringify(JSON.parse(json, (name, value) => (name === 'token' && value !== null ? ERASED : value)))

/** Whether a kept event has lost a token. In a text inside the event the quotes would be escaped. */
export const hasErasedToken = (json: string): boolean => json.includes(ERASED_TEXT)

/** The same as a condition on a column. */
export const keepsTokens = (column: string): string => `instr(${column}, '${ERASED_TEXT}') = 0`
