import { describe, expect, it } from 'vitest'
import {
  ledgerRowsOf,
  movementOfAdjustment,
  movementsOf,
  SHARED_ROW_MS_MAX,
} from '../../../src/inventory/movements.ts'
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

describe('the ledger', () => {
  const committed = (afterMs: number): Reservation => ({
    ...common,
    state: 'committed',
    reservedAt: AT,
    committedAt: AT + afterMs,
  })
  const rowsOf = (reservation: Reservation) =>
    ledgerRowsOf(reservation).map(({ productId, kind, at, reservedAt }) => [productId, kind, at, reservedAt])

  it.each([1, SHARED_ROW_MS_MAX])(
    'has one row for each product where the commit follows within %d ms',
    (ms) => {
      expect(rowsOf(committed(ms))).toEqual([
        ['P001', 'commit', AT + ms, AT],
        ['P002', 'commit', AT + ms, AT],
      ])
    },
  )

  it.each([-1, 0, SHARED_ROW_MS_MAX + 1])(
    'has a row for each movement where the commit is %d ms later',
    (ms) => {
      expect(rowsOf(committed(ms))).toEqual([
        ['P001', 'reservation', AT, undefined],
        ['P002', 'reservation', AT, undefined],
        ['P001', 'commit', AT + ms, undefined],
        ['P002', 'commit', AT + ms, undefined],
      ])
    },
  )

  it('has one row for a reservation and its release, and a second for a return', () => {
    const released: Reservation = { ...common, state: 'released', reservedAt: AT, releasedAt: LATER }
    expect(rowsOf(released).slice(0, 1)).toEqual([['P001', 'release', LATER, AT]])
    expect(rowsOf({ ...released, committedAt: LATER, releasedAt: LAST })).toEqual([
      ['P001', 'commit', LATER, AT],
      ['P002', 'commit', LATER, AT],
      ['P001', 'return', LAST, undefined],
      ['P002', 'return', LAST, undefined],
    ])
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
