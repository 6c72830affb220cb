import { describe, expect, it } from 'vitest'
import { type Product, priceOrder } from '../../../src/order/pricing.ts'

const CATALOGUE = new Map<string, Product>(
  [
    { productId: 'P001', unitPriceMinor: 5_000, currency: 'USD' },
    { productId: 'P002', unitPriceMinor: 1_299, currency: 'USD' },
    { productId: 'E001', unitPriceMinor: 900, currency: 'EUR' },
    { productId: 'Y001', unitPriceMinor: 120, currency: 'JPY' },
    { productId: 'GOLD', unitPriceMinor: 99_999_999_999, currency: 'USD' },
  ].map((product) => [product.productId, product]),
)

const item = (productId: string, quantity = 1) => ({ productId, quantity })
const price = (items: ReturnType<typeof item>[], declared = {}) => priceOrder(items, CATALOGUE, declared)
const refused = (code: string, detail: string) => ({ ok: false, reason: { code, detail } })

describe('an order', () => {
  it('costs what the catalogue says', () => {
    expect(price([item('P001', 2), item('P002', 3)])).toEqual({
      ok: true,
      value: {
        currency: 'USD',
        totalMinor: 13_897,
        lines: [
          { productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 },
          { productId: 'P002', quantity: 3, unitPriceMinor: 1_299, amountMinor: 3_897 },
        ],
      },
    })
  })

  it('keeps the same product on two lines as two lines, and counts each once', () => {
    expect(price([item('P001', 2), item('P001', 1)])).toEqual({
      ok: true,
      value: {
        currency: 'USD',
        totalMinor: 15_000,
        lines: [
          { productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 },
          { productId: 'P001', quantity: 1, unitPriceMinor: 5_000, amountMinor: 5_000 },
        ],
      },
    })
  })

  it('is in the currency of its products', () => {
    expect(price([item('Y001', 2)])).toMatchObject({ value: { currency: 'JPY', totalMinor: 240 } })
  })

  it.each([
    [{ totalAmount: 150 }],
    [{ totalAmount: 150.0, currency: 'USD' }],
    [{ currency: 'USD' }],
    [{ totalAmount: undefined, currency: undefined }],
  ])('may be declared rightly: %j', (declared) => {
    expect(price([item('P001', 3)], declared)).toMatchObject({ ok: true, value: { totalMinor: 15_000 } })
  })
})

describe('an order is refused', () => {
  it('with a product that the catalogue lacks, each named once', () => {
    expect(price([item('P001'), item('X2'), item('X1'), item('X2')])).toEqual(
      refused('unknown_product', 'The catalogue has no product X2, X1.'),
    )
  })

  it('with products of two currencies', () => {
    expect(price([item('P001'), item('E001')])).toEqual(
      refused('mixed_currencies', 'The products are priced in USD and EUR; an order has one currency.'),
    )
  })

  it('when it costs more than money can have digits', () => {
    expect(price([item('GOLD', 10_000), item('GOLD', 10_000)])).toEqual(
      refused('amount_too_large', 'The total is too large. Split the order into smaller ones.'),
    )
  })

  it('when one line alone costs that much', () => {
    const catalogue = new Map([
      ['GOLD', { productId: 'GOLD', unitPriceMinor: 999_999_999_999_999, currency: 'USD' }],
    ])
    expect(priceOrder([item('GOLD', 10_000)], catalogue, {})).toMatchObject({
      reason: { code: 'amount_too_large' },
    })
  })

  it.each([
    ['another total', { totalAmount: 149.99 }],
    ['a total of nothing', { totalAmount: 0 }],
    ['a total with too many decimals', { totalAmount: 150.001 }],
    ['a negative total', { totalAmount: -150 }],
    ['another currency', { totalAmount: 150, currency: 'EUR' }],
    ['another currency alone', { currency: 'EUR' }],
  ])('when it is declared with %s, naming the right one', (_, declared) => {
    expect(price([item('P001', 3)], declared)).toEqual(
      refused('price_mismatch', 'The total is 150.00 USD (totalAmount 150).'),
    )
  })
})
