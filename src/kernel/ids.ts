import type { Instant } from './instant.ts'

/** Crockford's base 32, in lower case: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_DIGITS = 10
const RANDOM_DIGITS = 16

/** So many bytes of chance. */
export type RandomBytes = (count: number) => Uint8Array

/** A ULID: 48 bits of time and 80 of chance, 26 characters that sort by time (github.com/ulid/spec). */
export const ulid = (now: Instant, random: RandomBytes): string =>
  timeDigits(now) + randomDigits(RANDOM_DIGITS, random)

const timeDigits = (now: Instant): string => {
  let digits = ''
  for (let rest = now, place = 0; place < TIME_DIGITS; place += 1, rest = Math.floor(rest / 32)) {
    digits = ALPHABET.charAt(rest % 32) + digits
  }
  return digits
}

/** Digits of pure chance, five bits each. */
export const randomDigits = (count: number, random: RandomBytes): string =>
  Array.from(random(count), (byte) => ALPHABET.charAt(byte % 32)).join('')
