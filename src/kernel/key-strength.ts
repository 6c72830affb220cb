/** `openssl rand -hex 32` gives 64 characters, `openssl rand -base64 24` gives 32. */
const LENGTH_MIN = 32
/** 64 random hexadecimal digits have fewer different ones in one of 10^18 keys. */
const DIFFERENT_MIN = 8
/** So large a part of the characters that follows from those before it makes a pattern. Chance gives 1 in 16. */
const PATTERN_SHARE = 0.75

/** What a header carries without doubt (RFC 9110, 5.5): visible ASCII, without spaces. */
const VISIBLE_ASCII = /^[!-~]*$/

/** What is wrong with a key that callers send, in words that follow its name; undefined where it is good. */
export const keyFaultOf = (key: string): string | undefined =>
  VISIBLE_ASCII.test(key)
    ? weaknessOf(key)
    : 'has characters that a header cannot carry: only visible ASCII without spaces can be sent'

/** Why a secret can be guessed, in words that follow its name; undefined where it is strong. */
export const weaknessOf = (secret: string): string | undefined => {
  if (secret.length < LENGTH_MIN) return `has fewer than ${LENGTH_MIN} characters`
  if (new Set(secret).size < DIFFERENT_MIN) return `has fewer than ${DIFFERENT_MIN} different characters`
  return isPattern(secret) ? 'repeats itself or counts up, so it is soon guessed' : undefined
}

/** `abababab`, `passwordpassword`, `abcdefgh`: the characters, or the steps between them, come again. */
const isPattern = (text: string): boolean => {
  const codes = Array.from(text, (character) => character.charCodeAt(0))
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0))
  return repeats(codes) || repeats(steps)
}

/** Whether most values equal the one a fixed distance before, for a distance of up to half of the length. */
const repeats = (values: readonly number[]): boolean => {
  for (let distance = 1; distance <= values.length / 2; distance += 1) {
    const later = values.slice(distance)
    const equal = later.filter((value, index) => value === values[index]).length
    if (equal >= later.length * PATTERN_SHARE) return true
  }
  return false
}
