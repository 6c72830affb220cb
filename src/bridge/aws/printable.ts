/** SQS and SNS take no control characters and no surrogate that is alone. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}\p{Cn}]/gu, '?')

/** The same JSON without the characters that SQS and SNS refuse. `JSON.stringify` escapes all others of them. */
export const printableJson = (json: string): string =>
  json.replaceAll(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
