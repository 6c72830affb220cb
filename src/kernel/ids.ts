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

/** The first bits of `bytes` as so many digits, five bits each. */
export const digitsOf = (bytes: Uint8Array, count: number): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const digit = (place: number) => ALPHABET.charAt(Number.parseInt(bits.slice(place * 5, place * 5 + 5), 2))
  return Array.from({ length: count }, (_, place) => digit(place)).join('')
}

/** Digits of pure chance, five bits each. */
export const randomDigits = (count: number, random: RandomBytes): string =>
  Array.from(random(count), (byte) => ALPHABET.charAt(byte % 32)).join('')
