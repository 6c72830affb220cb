import { describe, expect, it } from 'vitest'
import { fromStripeAmount, objectionOfStripe, toStripeAmount } from '../../../src/contracts/stripe-amounts.ts'
import { CURRENCY_DECIMALS } from '../../../src/kernel/currencies.ts'

describe('an amount in minor units', () => {
  it.each([
    ['USD', 1_050, 1_050],
    ['JPY', 500, 500],
    ['ISK', 5, 500],
    ['UGX', 5, 500],
    ['HUF', 17_501, 17_501],
    ['TWD', 8_001, 8_001],
    ['MGA', 500, 5],
    ['KWD', 5_120, 5_120],
  ])('%s %d is %d at Stripe, and back', (currency, minor, amount) => {
    expect(toStripeAmount(minor, currency)).toEqual({ ok: true, value: amount })
    expect(fromStripeAmount(amount, currency)).toBe(minor)
  })

  it.each([
    ['KWD', 5_124],
    ['MGA', 501],
    ['KPW', 100],
  ])('%s %d does not exist there', (currency, minor) => {
    expect(toStripeAmount(minor, currency)).toEqual({ ok: false, reason: expect.stringContaining(currency) })
  })

  it('comes back unchanged in every currency that Stripe charges', () => {
    for (const currency of CURRENCY_DECIMALS.keys()) {
      const amount = toStripeAmount(1_000, currency)
      if (amount.ok) expect([currency, fromStripeAmount(amount.value, currency)]).toEqual([currency, 1_000])
    }
  })
})

describe('what Stripe cannot charge', () => {
  it.each([
    [49, 'USD', 'Stripe charges at least 0.50 USD.'],
    [100_000_000, 'USD', 'Stripe charges at most 999999.99 USD.'],
    [5_124, 'KWD', 'Stripe charges KWD in steps of 0.010: 5.124 is between two.'],
    [1_000, 'IRR', 'Stripe charges no cards in IRR.'],
    [1_000_000, 'ISK', 'Stripe charges at most 999999 ISK.'],
  ])('%d %s has a reason', (minor, currency, objection) => {
    expect(objectionOfStripe(minor, currency)).toBe(objection)
  })

  it.each([
    [50, 'USD'],
    [99_999_999, 'USD'],
    [1, 'XOF'],
  ])('%d %s has none', (minor, currency) => {
    expect(objectionOfStripe(minor, currency)).toBeUndefined()
  })
})
