import { expect, it } from 'vitest'
import { decisionEvent } from '../../../src/order/order-events.ts'
import { decide, outstandingLegs } from '../../../src/order/saga.ts'
import { isUnknownOrder, rejectUnknownOrder } from '../../../src/order/unknown-order.ts'
import {
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentVoided,
  reservationOverdueEvent,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { orderPlaced } from '../../support/given.ts'

const cause = stockReserved({ cause: { id: `${ORDER_ID}/OrderPlaced`, hops: 0, traceparent: 'a trace' } })
const unknownOrder = rejectUnknownOrder(cause, 'USD', NOW)

it('rejects an order that was never placed, and asks both legs to release all of it', () => {
  expect(decisionEvent(unknownOrder)).toEqual({
    specversion: '1.0',
    id: `${ORDER_ID}/OrderRejected`,
    source: '/order',
    type: 'OrderRejected',
    schemaversion: 1,
    subject: ORDER_ID,
    time: '2026-11-23T12:00:00.000Z',
    datacontenttype: 'application/json',
    revision: 1,
    correlationid: ORDER_ID,
    causationid: `${ORDER_ID}/StockReserved`,
    traceparent: 'a trace',
    hops: 2,
    data: {
      orderId: ORDER_ID,
      items: [],
      totalAmount: 0,
      currency: 'USD',
      reason: { code: 'unknown_order', detail: 'No such order was placed.' },
    },
  })
})

it('sends the rejection to both legs', () => {
  expect(outstandingLegs(unknownOrder)).toEqual(['inventory', 'payment'])
})

it('is settled once both legs have let go', () => {
  const answers = [cause, paymentAuthorized(), stockReleased(), paymentVoided()]
  const order = answers.reduce((each, answer) => decide(each, answer, NOW + 1), unknownOrder)
  expect(order).toMatchObject({
    status: 'rejected',
    settledAt: NOW + 1,
    inventory: { status: 'released' },
    payment: { status: 'voided' },
  })
})

it('rejects an order that only a leg asks about', () => {
  const inquiry = reservationOverdueEvent()
  expect(decisionEvent(rejectUnknownOrder(inquiry, 'USD', NOW))).toMatchObject({
    type: 'OrderRejected',
    causationid: inquiry.id,
    hops: 1,
  })
})

it('has no client', () => {
  expect(isUnknownOrder(unknownOrder)).toBe(true)
})

it('is told apart from an order that was placed', () => {
  expect(isUnknownOrder(orderPlaced())).toBe(false)
})
