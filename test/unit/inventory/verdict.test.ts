import { describe, expect, it } from 'vitest'
import type { Reservation } from '../../../src/inventory/stock.ts'
import {
  reportFor,
  reservationOverdue,
  reservationsToCompensate,
  type Verdict,
  verdictOf,
} from '../../../src/inventory/verdict.ts'
import { NOW, ORDER_ID, orderPlacedEvent } from '../../support/builders.ts'

type State = Reservation['state']

const hold = (state: State, productId = 'P001'): Reservation => {
  const common = { orderId: ORDER_ID, lines: [{ productId, quantity: 2 }] }
  switch (state) {
    case 'refused':
      return {
        ...common,
        state,
        refusedAt: NOW + 1,
        shortages: [{ productId, requested: 2, available: 1 }],
      }
    case 'reserved':
      return { ...common, state, reservedAt: NOW + 2 }
    case 'committed':
      return { ...common, state, reservedAt: NOW + 2, committedAt: NOW + 3 }
    case 'released':
      return { ...common, state, reservedAt: NOW + 2, releasedAt: NOW + 4 }
  }
}

describe('G3: the verdict is the AND of the votes', () => {
  it.each<[State, Verdict]>([
    ['refused', 'rejected'],
    ['reserved', 'reserved'],
    ['committed', 'committed'],
    ['released', 'released'],
  ])('%s alone is %s', (state, verdict) => {
    expect(verdictOf([hold(state)])).toBe(verdict)
  })

  it.each<[State, State, Verdict]>([
    ['refused', 'refused', 'rejected'],
    ['refused', 'reserved', 'rejected'],
    ['refused', 'committed', 'rejected'],
    ['refused', 'released', 'rejected'],
    ['reserved', 'reserved', 'reserved'],
    ['reserved', 'committed', 'reserved'],
    ['reserved', 'released', 'released'],
    ['committed', 'committed', 'committed'],
    ['committed', 'released', 'released'],
    ['released', 'released', 'released'],
  ])('%s and %s is %s, in either order', (left, right, verdict) => {
    expect([verdictOf([hold(left), hold(right)]), verdictOf([hold(right), hold(left)])]).toEqual([
      verdict,
      verdict,
    ])
  })
})

describe('held in vain', () => {
  it('are reservations beside a no', () => {
    const inVain = hold('reserved', 'P002')
    expect(reservationsToCompensate([hold('refused'), inVain])).toEqual([inVain])
  })

  it('are none that were let go already', () => {
    expect(reservationsToCompensate([hold('refused'), hold('released')])).toEqual([])
  })

  it('are none where all say yes', () => {
    expect(reservationsToCompensate([hold('reserved'), hold('reserved', 'P002')])).toEqual([])
  })
})

describe('the answer', () => {
  const cause = orderPlacedEvent({ traceparent: 'a trace' })
  const envelope = {
    specversion: '1.0',
    source: '/inventory',
    schemaversion: 1,
    subject: ORDER_ID,
    datacontenttype: 'application/json',
    correlationid: ORDER_ID,
    causationid: cause.id,
    traceparent: 'a trace',
    hops: 1,
  }
  const lines = [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 2 },
  ]

  it.each([
    ['reserved', 'StockReserved', 1, '2026-11-23T12:00:00.002Z'],
    ['committed', 'StockCommitted', 2, '2026-11-23T12:00:00.003Z'],
    ['released', 'StockReleased', 3, '2026-11-23T12:00:00.004Z'],
  ] as const)('to %s holds is %s', (...expected) => {
    const [state, type, revision, time] = expected
    expect(reportFor(cause, ORDER_ID, [hold(state), hold(state, 'P002')])).toEqual({
      ...envelope,
      ...{ id: `${ORDER_ID}/${type}`, type, revision, time, data: { orderId: ORDER_ID, lines } },
    })
  })

  it('to a refused hold is StockRejected, naming the short products alone', () => {
    expect(reportFor(cause, ORDER_ID, [hold('released', 'P002'), hold('refused')])).toEqual({
      ...envelope,
      id: `${ORDER_ID}/StockRejected`,
      type: 'StockRejected',
      revision: 3,
      time: '2026-11-23T12:00:00.004Z',
      data: { orderId: ORDER_ID, lines: [{ productId: 'P001', requested: 2, available: 1 }] },
    })
  })

  it('to the same holds is the same event', () => {
    const [first, second] = [1, 2].map(() => reportFor(cause, ORDER_ID, [hold('reserved')]))
    expect(JSON.stringify(second)).toBe(JSON.stringify(first))
  })
})

describe('a reservation without news of its order', () => {
  it('is asked about, each time by an event of its own', () => {
    expect(reservationOverdue(hold('reserved'), NOW)).toMatchObject({
      id: `${ORDER_ID}/ReservationOverdue/${NOW}`,
      type: 'ReservationOverdue',
      subject: ORDER_ID,
      data: { orderId: ORDER_ID },
    })
  })
})
