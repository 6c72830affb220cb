/** Takes the place of a token. No consumer accepts an event with it, so none can charge the default card by mistake. */
const ERASED = { erased: true }
const ERASED_TEXT = '"token":{"erased":true}'

/** A stored event without payment tokens anywhere in it. Everything else stays. */
export const withoutTokens = (json: string): string =>
  JSON.stringify(
    JSON.parse(json, (name, value) => {
      if (name === 'token' && value !== null) return ERASED
      return name === '' && typeof value === 'string' ? withoutTokensInText(value) : value
    }),
  )

/** In the text of a message, also one that breaks off within a token. */
const TOKEN_IN_TEXT = /("token"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|(?!null\b)[^\s",{}[\]]+)/g

/** The text of a message that no consumer could read, without payment tokens. */
export const withoutTokensInText = (text: string): string =>
  text.replace(TOKEN_IN_TEXT, `$1${JSON.stringify(ERASED)}`)

/** Whether a token of a stored event was erased. In a text inside the event, the quotes would be escaped. */
export const hasErasedToken = (json: string): boolean => json.includes(ERASED_TEXT)

/** The SQL condition for events in this column whose tokens were not erased. */
export const keepsTokens = (column: string): string => `instr(${column}, '${ERASED_TEXT}') = 0`
