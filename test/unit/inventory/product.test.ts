import { describe, expect, it } from 'vitest'
import { isSameProduct, levelCrossed, productChanged } from '../../../src/inventory/product.ts'
import { NOW } from '../../support/builders.ts'

const LAMP = { productId: 'P001', name: 'Desk Lamp', unitPriceMinor: 5_000, currency: 'USD', revision: 3 }
const level = (onHand: number, reserved: number) => ({ productId: 'P001', onHand, reserved })

describe('a product', () => {
  it('is the same whatever its revision', () => {
    expect(isSameProduct(LAMP, { ...LAMP })).toBe(true)
  })

  it.each([{ name: 'Lamp' }, { unitPriceMinor: 5_001 }, { currency: 'EUR' }])(
    'is another with %j',
    (change) => {
      expect(isSameProduct(LAMP, { ...LAMP, ...change })).toBe(false)
    },
  )

  it('is published with its revision, so that each change is an event of its own', () => {
    expect(productChanged(LAMP, NOW)).toMatchObject({
      id: 'P001/ProductChanged/3',
      revision: 3,
      time: '2026-11-23T12:00:00.000Z',
      data: { productId: 'P001', name: 'Desk Lamp', unitPrice: 50, currency: 'USD' },
    })
  })
})

describe('a level', () => {
  it.each([
    ['the last piece is reserved', level(5, 4), level(5, 5)],
    ['the last piece is taken away', level(5, 4), level(4, 4)],
  ])('is depleted when %s', (_, before, after) => {
    expect(levelCrossed(before, after, { revision: 9, now: NOW })).toMatchObject({
      id: 'P001/StockDepleted/9',
      revision: 9,
      data: { productId: 'P001', available: 0 },
    })
  })

  it.each([
    ['a reservation is let go', level(5, 5), level(5, 3)],
    ['a receipt comes', level(0, 0), level(2, 0)],
  ])('is replenished when %s', (_, before, after) => {
    expect(levelCrossed(before, after, { revision: 9, now: NOW })).toMatchObject({
      id: 'P001/StockReplenished/9',
      data: { productId: 'P001', available: 2 },
    })
  })

  it.each([
    ['something is left', level(5, 0), level(5, 4)],
    ['nothing was left and nothing is', level(5, 5), level(3, 3)],
  ])('crosses nothing where %s', (_, before, after) => {
    expect(levelCrossed(before, after, { revision: 9, now: NOW })).toBeUndefined()
  })
})
