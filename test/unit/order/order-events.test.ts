import { describe, expect, it } from 'vitest'
import type { Order } from '../../../src/order/order.ts'
import { decisionEvent, publicEventsOf } from '../../../src/order/order-events.ts'
import {
  CLIENT,
  NOW,
  ORDER_ID,
  orderPlacedEvent,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, given, orderPlaced } from '../../support/given.ts'

const cause = { id: `${ORDER_ID}/OrderPlaced`, hops: 0, traceparent: 'a trace' }
const CONFIRMED = [stockReserved({ cause }), paymentAuthorized({ cause })]
const CANCELLED = [
  ...CONFIRMED,
  stockCommitted(),
  paymentCaptured(),
  cancellationRequested(),
  stockReleased(),
  paymentRefunded(),
]
const after = (...facts: Parameters<ReturnType<typeof given>['when']>): Order =>
  given(orderPlaced({ customerId: 'cust_1' })).when(...facts).order
const throughStorage = (order: Order): Order => JSON.parse(JSON.stringify(order)) as Order

describe('the outstanding event of an order', () => {
  it('is its placement while it is pending', () => {
    expect(decisionEvent(orderPlaced())).toEqual(orderPlacedEvent({ owner: { client: CLIENT.client } }))
  })

  it('names the customer where one is known', () => {
    expect(decisionEvent(after()).data).toMatchObject({ customerId: 'cust_1' })
  })

  it('is its confirmation, as caused by the last answer', () => {
    expect(decisionEvent(after(...CONFIRMED))).toEqual({
      specversion: '1.0',
      id: `${ORDER_ID}/OrderConfirmed`,
      source: '/order',
      type: 'OrderConfirmed',
      schemaversion: 1,
      subject: ORDER_ID,
      time: '2026-11-23T12:00:02.000Z',
      datacontenttype: 'application/json',
      revision: 4,
      correlationid: ORDER_ID,
      causationid: `${ORDER_ID}/PaymentAuthorized`,
      traceparent: 'a trace',
      client: CLIENT.client,
      hops: 2,
      data: {
        orderId: ORDER_ID,
        items: [
          { productId: 'P001', quantity: 2, unitPrice: 50, amount: 100 },
          { productId: 'P002', quantity: 1, unitPrice: 50, amount: 50 },
        ],
        totalAmount: 150,
        currency: 'USD',
      },
    })
  })

  it('is its rejection with the reason', () => {
    const event = decisionEvent(after(paymentDeclined()))
    expect(event).toMatchObject({
      type: 'OrderRejected',
      data: { reason: { code: 'payment_declined', detail: 'The card was declined.' } },
    })
  })

  it('is its cancellation, once it was confirmed and then cancelled', () => {
    const event = decisionEvent(after(...CONFIRMED, cancellationRequested()))
    expect(event).toMatchObject({
      type: 'OrderCancelled',
      data: { reason: { code: 'cancelled_by_client', detail: 'Changed my mind.' } },
    })
  })

  it.each([
    ['pending', []],
    ['confirmed', CONFIRMED],
    ['cancelled', CANCELLED],
  ])('is byte for byte the same from storage, %s', (_, facts) => {
    const order = after(...facts)
    expect(JSON.stringify(decisionEvent(throughStorage(order)))).toBe(JSON.stringify(decisionEvent(order)))
  })

  it('is byte for byte the same after the legs have moved', () => {
    const before = decisionEvent(after(...CONFIRMED))
    const later = decisionEvent(after(...CONFIRMED, stockCommitted()))
    expect(JSON.stringify(later)).toBe(JSON.stringify(before))
  })

  it('throws for an order whose history lacks its decision', () => {
    expect(() => decisionEvent({ ...orderPlaced(), status: 'confirmed', decidedAt: NOW })).toThrow(
      `${ORDER_ID} has no OrderConfirmed in its history`,
    )
  })
})

describe('the events of an order for eyes outside', () => {
  it('tell all that took effect, in that order', () => {
    expect(publicEventsOf(after(...CANCELLED)).map(({ id }) => id)).toEqual(
      [
        'OrderPlaced',
        'StockReserved',
        'PaymentAuthorized',
        'OrderConfirmed',
        'StockCommitted',
        'PaymentCaptured',
        'OrderSettled',
        'OrderCancelled',
        'StockReleased',
        'PaymentRefunded/cancellation',
        'OrderSettled/11',
      ].map((event) => `${ORDER_ID}/${event}`),
    )
  })

  it('leave the payment token out', () => {
    expect(JSON.stringify(publicEventsOf(after(...CANCELLED)))).not.toContain('pm_card_visa')
  })

  it('leave out nothing else', () => {
    const { payment: _token, ...data } = orderPlacedEvent().data
    expect(publicEventsOf(orderPlaced())).toEqual([{ ...orderPlacedEvent(), data }])
  })

  it('name the order as its client does', () => {
    const events = publicEventsOf({ ...after(...CONFIRMED), externalId: '12345' })
    expect(new Set(events.map(({ subject, data }) => `${subject} ${data['orderId']}`))).toEqual(
      new Set([`${ORDER_ID} 12345`]),
    )
  })

  it('show an answer as its service sent it', () => {
    const [, answer] = publicEventsOf(after(...CONFIRMED))
    expect(answer).toEqual(stockReserved({ cause }))
  })

  it.each([
    ['cancelled', after(...CANCELLED)],
    ['rejected', after(paymentDeclined())],
  ])('say of an order that was %s what is documented, and not whose it is', (status, order) => {
    const decision = publicEventsOf(order).findLast(({ id }) => id === decisionEvent(order).id)
    expect(order.status).toBe(status)
    expect(Object.keys(decision?.data ?? {})).toEqual([
      'orderId',
      'items',
      'totalAmount',
      'currency',
      'reason',
    ])
  })

  it('say who placed the order', () => {
    expect(publicEventsOf(orderPlaced())[0]?.data).toMatchObject({ client: CLIENT.client })
  })
})
