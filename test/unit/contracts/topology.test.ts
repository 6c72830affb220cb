import { expect, it } from 'vitest'
import { EVENTS } from '../../../src/contracts/events.ts'
import { SUBSCRIBERS } from '../../../src/contracts/topology.ts'
import { toSubscribers } from '../../../src/messaging/outgoing.ts'
import { orderPlacedEvent, paymentCaptured, productChangedEvent } from '../../support/builders.ts'

it('has an entry for every event and no other', () => {
  expect(Object.keys(SUBSCRIBERS).toSorted()).toEqual(Object.keys(EVENTS).toSorted())
})

it('names no subscriber twice', () => {
  for (const subscribers of Object.values(SUBSCRIBERS)) {
    expect(new Set(subscribers).size).toBe(subscribers.length)
  }
})

it.each(['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrdersArchived'] as const)(
  'sends %s to both legs',
  (type) => {
    expect(SUBSCRIBERS[type]).toEqual(['inventory', 'payment'])
  },
)

it.each([
  'StockReserved',
  'StockRejected',
  'StockCommitted',
  'StockReleased',
  'PaymentAuthorized',
  'PaymentDeclined',
  'PaymentCaptured',
  'PaymentFailed',
  'PaymentVoided',
  'PaymentRefunded',
  'ProductChanged',
  'ReservationOverdue',
] as const)('sends %s to the order service alone', (type) => {
  expect(SUBSCRIBERS[type]).toEqual(['order'])
})

it.each(['StockDepleted', 'StockReplenished'] as const)('sends %s to the operators alone', (type) => {
  expect(SUBSCRIBERS[type]).toEqual(['operations'])
})

it('sends AuthorizationOverdue to the order service, and for a release to the payment service itself', () => {
  expect(SUBSCRIBERS.AuthorizationOverdue).toEqual(['order', 'payment'])
})

it('keeps a request for a refund inside the payment service', () => {
  expect(SUBSCRIBERS.RefundRequested).toEqual(['payment'])
})

it.each([
  [orderPlacedEvent(), ['inventory', 'payment']],
  [paymentCaptured(), ['order']],
  [productChangedEvent(), ['order']],
])('makes one copy of $type for each subscriber', (event, subscribers) => {
  expect(toSubscribers(event)).toEqual(subscribers.map((to) => ({ to, event })))
})
