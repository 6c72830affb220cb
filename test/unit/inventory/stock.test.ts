import { describe, expect, it } from 'vitest'
import {
  adjust,
  applyCommand,
  type Level,
  ON_HAND_MAX,
  type Reservation,
  type StockCommand,
} from '../../../src/inventory/stock.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

const LINES = [
  { productId: 'P001', quantity: 2 },
  { productId: 'P002', quantity: 1 },
]
const level = (productId: string, onHand: number, reserved = 0): Level => ({ productId, onHand, reserved })
const levels = (...all: Level[]) => new Map(all.map((each) => [each.productId, each]))
const command = (kind: StockCommand['kind']): StockCommand => ({ kind, orderId: ORDER_ID, lines: LINES })

const LATER = NOW + 1
const PLENTY = levels(level('P001', 10, 3), level('P002', 10, 4))
const reserved: Reservation = { orderId: ORDER_ID, lines: LINES, state: 'reserved', reservedAt: NOW }
const committed: Reservation = { ...reserved, state: 'committed', committedAt: NOW }
const releasedReservation: Reservation = { ...reserved, state: 'released', releasedAt: NOW }
const returned: Reservation = { ...committed, state: 'released', releasedAt: NOW }
const tombstone: Reservation = { orderId: ORDER_ID, lines: LINES, state: 'released', releasedAt: NOW }
const refused: Reservation = {
  orderId: ORDER_ID,
  lines: LINES,
  state: 'refused',
  refusedAt: NOW,
  shortages: [{ productId: 'P001', requested: 2, available: 1 }],
}

describe('reserve', () => {
  it('takes every line at once', () => {
    expect(applyCommand(undefined, command('reserve'), PLENTY, NOW)).toEqual({
      reservation: reserved,
      levels: [level('P001', 10, 5), level('P002', 10, 5)],
    })
  })

  it('takes the last piece', () => {
    const exact = levels(level('P001', 5, 3), level('P002', 1, 0))
    expect(applyCommand(undefined, command('reserve'), exact, NOW).reservation).toEqual(reserved)
  })

  it('takes nothing when one product is short, and says which', () => {
    const short = levels(level('P001', 4, 3), level('P002', 10))
    expect(applyCommand(undefined, command('reserve'), short, NOW)).toEqual({
      reservation: refused,
      levels: [],
    })
  })

  it('names every product that is short', () => {
    const { reservation } = applyCommand(undefined, command('reserve'), levels(level('P001', 0)), NOW)
    expect(reservation).toMatchObject({
      shortages: [
        { productId: 'P001', requested: 2, available: 0 },
        { productId: 'P002', requested: 1, available: 0 },
      ],
    })
  })

  it.each([
    ['reserved', reserved],
    ['committed', committed],
    ['refused', refused],
    ['released', tombstone],
  ])('changes nothing about a reservation that is %s', (_, reservation) => {
    expect(applyCommand(reservation, command('reserve'), PLENTY, LATER)).toEqual({ reservation, levels: [] })
  })

  it('keeps its no although there is enough by now', () => {
    expect(applyCommand(refused, command('reserve'), PLENTY, LATER).reservation).toBe(refused)
  })
})

describe('commit', () => {
  it('takes what was reserved off the shelf', () => {
    expect(applyCommand(reserved, command('commit'), PLENTY, LATER)).toEqual({
      reservation: { ...reserved, state: 'committed', committedAt: LATER },
      levels: [level('P001', 8, 1), level('P002', 9, 3)],
    })
  })

  it('takes what was reserved, whatever the command says', () => {
    const changed = { ...command('commit'), lines: [{ productId: 'P001', quantity: 9 }] }
    expect(applyCommand(reserved, changed, PLENTY, LATER).levels).toEqual([
      level('P001', 8, 1),
      level('P002', 9, 3),
    ])
  })

  it('leaves no reservation where nothing was reserved', () => {
    expect(applyCommand(undefined, command('commit'), PLENTY, LATER)).toEqual({
      reservation: undefined,
      levels: [],
    })
  })

  it.each([
    ['committed', committed],
    ['refused', refused],
    ['released', releasedReservation],
  ])('changes nothing about a reservation that is %s', (_, reservation) => {
    expect(applyCommand(reservation, command('commit'), PLENTY, LATER)).toEqual({ reservation, levels: [] })
  })
})

describe('release', () => {
  it('lets go of a reservation', () => {
    expect(applyCommand(reserved, command('release'), PLENTY, LATER)).toEqual({
      reservation: { ...reserved, state: 'released', releasedAt: LATER },
      levels: [level('P001', 10, 1), level('P002', 10, 3)],
    })
  })

  it('returns what was committed', () => {
    expect(applyCommand(committed, command('release'), PLENTY, LATER)).toEqual({
      reservation: { ...committed, state: 'released', releasedAt: LATER },
      levels: [level('P001', 12, 3), level('P002', 11, 4)],
    })
  })

  it('leaves a tombstone where the order has not come yet', () => {
    expect(applyCommand(undefined, command('release'), PLENTY, NOW)).toEqual({
      reservation: tombstone,
      levels: [],
    })
  })

  it('releases what is reserved, where the lines are unknown', () => {
    const unknown = { ...command('release'), lines: [] }
    expect(applyCommand(reserved, unknown, PLENTY, LATER).levels).toEqual([
      level('P001', 10, 1),
      level('P002', 10, 3),
    ])
  })

  it.each([
    ['refused', refused],
    ['released', releasedReservation],
    ['returned', returned],
    ['let go before it came', tombstone],
  ])('changes nothing about a reservation that is %s', (_, reservation) => {
    expect(applyCommand(reservation, command('release'), PLENTY, LATER)).toEqual({ reservation, levels: [] })
  })

  it('throws where a held product is gone, rather than lose its units', () => {
    expect(() => applyCommand(reserved, command('release'), levels(), LATER)).toThrow(
      `${ORDER_ID} holds P001, which is gone`,
    )
  })
})

describe('adjust', () => {
  it.each([
    [100, 110],
    [-7, 3],
  ])('moves what is on hand by %d', (delta, onHand) => {
    expect(adjust(level('P001', 10, 3), delta)).toEqual(level('P001', onHand, 3))
  })

  it('takes nothing that is promised', () => {
    expect(adjust(level('P001', 10, 3), -8)).toBe('insufficient_stock')
  })

  it('reaches what can be counted', () => {
    expect(adjust(level('P001', 0), ON_HAND_MAX)).toEqual(level('P001', ON_HAND_MAX))
  })

  it('refuses more than can be counted', () => {
    expect(adjust(level('P001', 1), ON_HAND_MAX)).toBe('stock_limit_exceeded')
  })
})
