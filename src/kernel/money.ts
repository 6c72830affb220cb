import { assert } from './assert.ts'
import { CURRENCY_DECIMALS } from './currencies.ts'

/**
 * Inside, money is an integer of the currency's minor unit (cents); on the wire a JSON number of its major unit.
 * Fifteen digits are the most that a double always prints back unchanged, so no larger amount is taken.
 */
export const AMOUNT_MINOR_MAX = 999_999_999_999_999

/** `150.5` USD → `15050`. `undefined` for too many decimals, too large an amount, or an unknown currency. */
export const toMinor = (major: number, currency: string): number | undefined => {
  const decimals = CURRENCY_DECIMALS.get(currency)
  const written = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(major))
  if (decimals === undefined || written === null) return undefined
  const [, sign = '', whole = '', fraction = ''] = written
  if (fraction.length > decimals) return undefined
  const minor = Number(whole + fraction.padEnd(decimals, '0'))
  if (minor > AMOUNT_MINOR_MAX) return undefined
  return sign === '-' && minor !== 0 ? -minor : minor
}

/** True where `major` has no more decimals than `currency`, however large it is. */
export const hasDecimalsOf = (major: number, currency: string): boolean => {
  const [digits = '', exponent = '0'] = String(major).split('e')
  const decimals = (digits.split('.')[1] ?? '').length - Number(exponent)
  return decimals <= (CURRENCY_DECIMALS.get(currency) ?? -1)
}

/** `15050` USD → `150.5`, exactly the number that `toMinor` takes back. */
export const toMajor = (minor: number, currency: string): number => Number(formatMinor(minor, currency))

/** `15050` USD → `"150.50"`, for people. */
export const formatMinor = (minor: number, currency: string): string => {
  const decimals = CURRENCY_DECIMALS.get(currency)
  assert(decimals !== undefined, `currency ${currency} is known`)
  assert(Number.isSafeInteger(minor), `${minor} is a whole number of minor units`)
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : ''
  return `${minor < 0 ? '-' : ''}${whole}${fraction}`
}

/** `quantity × unitMinor`, or `undefined` above `AMOUNT_MINOR_MAX`. */
export const multiply = (unitMinor: number, quantity: number): number | undefined =>
  within(BigInt(unitMinor) * BigInt(quantity))

/** The sum, or `undefined` above `AMOUNT_MINOR_MAX`. */
export const sum = (amountsMinor: readonly number[]): number | undefined =>
  within(amountsMinor.reduce((total, amount) => total + BigInt(amount), 0n))

const within = (amount: bigint): number | undefined =>
  amount <= BigInt(AMOUNT_MINOR_MAX) ? Number(amount) : undefined
