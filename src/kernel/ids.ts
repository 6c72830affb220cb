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

/** The first digits of every ULID that is made at this time. Ids of earlier times sort before them. */
export const timeDigits = (now: Instant): string => {
  let digits = ''
  for (let rest = now, place = 0; place < TIME_DIGITS; place += 1, rest = Math.floor(rest / 32)) {
    digits = ALPHABET.charAt(rest % 32) + digits
  }
  return digits
}

/** When a ULID was made. Any other text of its digits also has such a time, far from now. */
export const timeOfUlid = (text: string): Instant => {
  let time = 0
  for (const digit of text.slice(0, TIME_DIGITS)) time = time * 32 + ALPHABET.indexOf(digit)
  return time
}

/** The first bits of `bytes` as so many digits, five bits each. */
export const digitsOf = (bytes: Uint8Array, count: number): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const digit = (place: number) => ALPHABET.charAt(Number.parseInt(bits.slice(place * 5, place * 5 + 5), 2))
  return Array.from({ length: count }, (_, place) => digit(place)).join('')
}

/** Digits of pure chance, five bits each. */
export const randomDigits = (count: number, random: RandomBytes): string =>
  Array.from(random(count), (byte) => ALPHABET.charAt(byte % 32)).join('')
