import { describe, expect, it } from 'vitest'
import type { Service } from '../../../src/contracts/topology.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { Order } from '../../../src/order/order.ts'
import { replayOf } from '../../../src/order/replay.ts'
import { rejectUnknownOrder } from '../../../src/order/unknown-order.ts'
import {
  NOW,
  paymentAuthorized,
  paymentCaptured,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, given, orderPlaced } from '../../support/given.ts'

const AUTHORIZED = [stockReserved(), paymentAuthorized()] as const
const SETTLED = [...AUTHORIZED, stockCommitted(), paymentCaptured()] as const

const sent = (order: Order, to: Service, now = NOW) => {
  const { events, heldBack } = replayOf([order], { to }, now)
  return [events.map(({ type }) => type), heldBack]
}

describe('a replay', () => {
  it.each(['inventory', 'payment'] as const)('sends %s every decision of a settled order', (to) => {
    const { order } = given(orderPlaced()).when(...SETTLED)
    expect(sent(order, to)).toEqual([['OrderPlaced', 'OrderConfirmed'], 0])
  })

  it.each(['inventory', 'payment'] as const)(
    'sends %s only the last decision of an order that is not settled: the one before may be unknown there',
    (to) => {
      const pending = orderPlaced()
      expect(sent(pending, to)).toEqual([['OrderPlaced'], 0])
      const { order: confirmed } = given(pending).when(...AUTHORIZED)
      expect(sent(confirmed, to)).toEqual([['OrderConfirmed'], 1])
      const { order: cancelled } = given(pending, ...SETTLED).when(cancellationRequested())
      expect(sent(cancelled, to)).toEqual([['OrderCancelled'], 2])
    },
  )

  it('sends the order service every report that its order has applied', () => {
    const { order } = given(orderPlaced()).when(...SETTLED)
    const reports = ['StockReserved', 'PaymentAuthorized', 'StockCommitted', 'PaymentCaptured']
    expect(sent(order, 'order')).toEqual([reports, 0])
  })

  it('sends to webhooks what the system announces, while its deliveries are remembered', () => {
    const { order } = given(orderPlaced()).when(...SETTLED)
    expect(sent(order, 'operations')).toEqual([['OrderConfirmed', 'OrderSettled'], 0])
    expect(sent(order, 'operations', NOW + 6 * DAY_MS + MINUTE_MS)).toEqual([[], 2])
  })

  it('sends the same events as before, under the same ids', () => {
    const { order } = given(orderPlaced()).when(...SETTLED)
    const [first, again] = [NOW, NOW + DAY_MS].map((now) => replayOf([order], { to: 'payment' }, now).events)
    expect(again).toEqual(first)
  })

  it('sends only the types that were asked for, and nothing of an order that was never placed', () => {
    const { order } = given(orderPlaced()).when(...SETTLED)
    const unknown = rejectUnknownOrder(stockReserved({ data: { orderId: 'ord_0_1' } }), 'USD', NOW)
    const replay = replayOf([order, unknown], { to: 'inventory', types: ['OrderConfirmed'] }, NOW)
    expect(replay).toMatchObject({ orders: [order.orderId], heldBack: 0 })
    expect(replay.events.map(({ type }) => type)).toEqual(['OrderConfirmed'])
  })
})
