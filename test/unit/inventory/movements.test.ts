import { describe, expect, it } from 'vitest'
import { movementOfAdjustment, movementsOf } from '../../../src/inventory/movements.ts'
import type { Reservation } from '../../../src/inventory/stock.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

const common = {
  orderId: ORDER_ID,
  lines: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
}
const [AT, LATER, LAST] = [NOW, NOW + 1, NOW + 2]

const both = (kind: string, at: number) => [
  { movementId: `${ORDER_ID}/${kind}`, productId: 'P001', kind, quantity: 2, at, orderId: ORDER_ID },
  { movementId: `${ORDER_ID}/${kind}`, productId: 'P002', kind, quantity: 1, at, orderId: ORDER_ID },
]

describe('a hold moved', () => {
  it.each<[string, Reservation, ReturnType<typeof both>]>([
    ['nothing, refused', { ...common, state: 'refused', refusedAt: AT, shortages: [] }, []],
    ['a reservation', { ...common, state: 'reserved', reservedAt: AT }, both('reservation', AT)],
    [
      'a reservation and a commit',
      { ...common, state: 'committed', reservedAt: AT, committedAt: LATER },
      [...both('reservation', AT), ...both('commit', LATER)],
    ],
    [
      'a reservation and its release',
      { ...common, state: 'released', reservedAt: AT, releasedAt: LATER },
      [...both('reservation', AT), ...both('release', LATER)],
    ],
    [
      'a reservation, a commit and a return',
      { ...common, state: 'released', reservedAt: AT, committedAt: LATER, releasedAt: LAST },
      [...both('reservation', AT), ...both('commit', LATER), ...both('return', LAST)],
    ],
    ['nothing, let go before it came', { ...common, state: 'released', releasedAt: AT }, []],
  ])('%s', (_, hold, movements) => {
    expect(movementsOf(hold)).toEqual(movements)
  })
})

describe('an adjustment', () => {
  it.each([
    [100, 'receipt', 'receipt'],
    [100, 'found behind the shelf', 'adjustment'],
    [-3, 'broken', 'adjustment'],
    [-3, 'receipt', 'adjustment'],
  ])('of %d for "%s" is listed as %s', (delta, reason, kind) => {
    const adjustment = { adjustmentId: 'adj_1', productId: 'P001', delta, reason, at: AT }
    expect(movementOfAdjustment(adjustment)).toEqual({
      movementId: 'adj_1',
      productId: 'P001',
      kind,
      quantity: delta,
      at: AT,
      reason,
    })
  })
})
