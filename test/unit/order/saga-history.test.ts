import { describe, expect, it } from 'vitest'
import type { Order } from '../../../src/order/order.ts'
import type { OrderFact } from '../../../src/order/saga.ts'
import {
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentRefunded,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, given, orderPlaced } from '../../support/given.ts'

const JOURNEY: OrderFact[] = [
  stockReserved(),
  paymentAuthorized(),
  paymentCaptured(),
  stockCommitted(),
  cancellationRequested(),
  paymentRefunded(),
  stockReleased(),
]

const after = (...facts: OrderFact[]): Order => given(orderPlaced()).when(...facts).order

describe('the history', () => {
  it('tells what took effect, in that order', () => {
    expect(after(...JOURNEY).history.map(({ type }) => type)).toEqual([
      'OrderPlaced',
      'StockReserved',
      'PaymentAuthorized',
      'OrderConfirmed',
      'PaymentCaptured',
      'StockCommitted',
      'OrderSettled',
      'OrderCancelled',
      'PaymentRefunded',
      'StockReleased',
      'OrderSettled',
    ])
  })

  it('keeps an answer as it was given', () => {
    const cause = { id: `${ORDER_ID}/OrderPlaced`, hops: 0, traceparent: 'a trace' }
    const answer = stockReserved({ at: NOW + 1_500, cause })
    expect(after(answer).history.at(-1)).toEqual({
      type: 'StockReserved',
      at: NOW + 1_500,
      revision: 1,
      hops: 1,
      causationId: `${ORDER_ID}/OrderPlaced`,
      traceparent: 'a trace',
      data: answer.data,
    })
  })

  it('says what a decision came of', () => {
    const answer = paymentAuthorized({ cause: { id: `${ORDER_ID}/OrderPlaced`, hops: 0 } })
    expect(after(stockReserved(), answer).history.at(-1)).toEqual({
      type: 'OrderConfirmed',
      at: NOW + 2_000,
      revision: 4,
      hops: 2,
      causationId: `${ORDER_ID}/PaymentAuthorized`,
    })
  })

  it('does not change in what it has', () => {
    const histories = JOURNEY.map((_, index) => after(...JOURNEY.slice(0, index)).history)
    const whole = after(...JOURNEY).history
    expect(histories).toEqual(histories.map((history) => whole.slice(0, history.length)))
  })
})

describe('the version', () => {
  it('begins at one', () => {
    expect(orderPlaced().version).toBe(1)
  })

  it('grows by one with each recorded fact', () => {
    const orders = JOURNEY.map((_, index) => after(...JOURNEY.slice(0, index + 1)))
    expect(orders.map(({ version }) => version)).toEqual(orders.map(({ history }) => history.length))
  })

  it('is the revision of our own facts', () => {
    const own = after(...JOURNEY).history.map((entry, index) => [entry.type, entry.revision, index + 1])
    const ours = own.filter(([type]) => String(type).startsWith('Order'))
    expect(ours.map(([, revision]) => revision)).toEqual(ours.map(([, , position]) => position))
  })
})
