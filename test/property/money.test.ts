import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CURRENCY_DECIMALS } from '../../src/kernel/currencies.ts'
import { AMOUNT_MINOR_MAX, formatMinor, multiply, sum, toMajor, toMinor } from '../../src/kernel/money.ts'

const currencies = fc.constantFrom(...CURRENCY_DECIMALS.keys())
/** Amounts of every length: a uniform draw would give mostly amounts of fifteen digits. */
const amounts = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: AMOUNT_MINOR_MAX }))
  .map(([digits, amount]) => amount % 10 ** digits)
const signedAmounts = fc
  .tuple(amounts, fc.boolean())
  .map(([amount, isNegative]) => (isNegative ? 0 - amount : amount))

describe('an amount of up to fifteen digits', () => {
  it('comes back from the major unit as it was, in every currency', () => {
    fc.assert(
      fc.property(currencies, signedAmounts, (currency, amount) => {
        expect(toMinor(toMajor(amount, currency), currency)).toBe(amount)
      }),
      { numRuns: 2_000 },
    )
  })

  it('comes back through JSON as it was', () => {
    fc.assert(
      fc.property(currencies, amounts, (currency, amount) => {
        const wire = JSON.stringify({ amount: toMajor(amount, currency) })
        expect(toMinor((JSON.parse(wire) as { amount: number }).amount, currency)).toBe(amount)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is written for people with the decimals of its currency', () => {
    fc.assert(
      fc.property(currencies, signedAmounts, (currency, amount) => {
        const [, decimals = ''] = formatMinor(amount, currency).split('.')
        expect(decimals).toHaveLength(CURRENCY_DECIMALS.get(currency) ?? -1)
        expect(Number(formatMinor(amount, currency))).toBe(toMajor(amount, currency))
      }),
    )
  })
})

describe('any number at all', () => {
  it('is an exact amount of its currency, or none', () => {
    fc.assert(
      fc.property(currencies, fc.double(), (currency, major) => {
        const minor = toMinor(major, currency)
        expect(minor === undefined || toMajor(minor, currency) === major).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('sums', () => {
  it('are exact, or refused', () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 100 }), (all) => {
        const exact = all.reduce((total, amount) => total + BigInt(amount), 0n)
        expect(sum(all)).toBe(exact > BigInt(AMOUNT_MINOR_MAX) ? undefined : Number(exact))
      }),
    )
  })

  it('are the same in any order', () => {
    fc.assert(
      fc.property(fc.array(amounts), (all) => {
        expect(sum(all.toReversed())).toBe(sum(all))
      }),
    )
  })

  it('of equal amounts are their product', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 100 }), (amount, quantity) => {
        expect(multiply(amount, quantity)).toBe(sum(Array.from({ length: quantity }, () => amount)))
      }),
    )
  })
})
