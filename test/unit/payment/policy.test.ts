import { describe, expect, it } from 'vitest'
import type { Payment } from '../../../src/payment/payment.ts'
import { inBrief, whenEvent } from '../../../src/payment/policy.ts'
import {
  NOW,
  newPayment,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
  refundRequestedEvent,
} from '../../support/builders.ts'

const LATER = NOW + 1
const GOALS = ['authorize', 'capture', 'return'] as const

describe('an event in brief', () => {
  const owner = { client: 'shop', externalid: '12345' }

  it.each([
    orderPlacedEvent({ owner, traceparent: 'a trace' }),
    orderConfirmedEvent(),
    orderRejectedEvent({ owner }),
    orderCancelledEvent(),
    refundRequestedEvent('rf_1'),
  ])('means the same to a payment: $type', (event) => {
    const redriven = { ...event, redriveid: 'redrive-1' }
    const stuck = newPayment({ stuck: { code: 'closed', detail: '' } })
    for (const payment of [undefined, newPayment(), stuck]) {
      expect(whenEvent(payment, inBrief(redriven), LATER)).toEqual(whenEvent(payment, redriven, LATER))
    }
  })

  it('has no items', () => {
    expect(inBrief(orderPlacedEvent()).data).not.toHaveProperty('items')
  })
})

describe('OrderPlaced', () => {
  it('begins a payment', () => {
    expect(whenEvent(undefined, orderPlacedEvent(), NOW)).toEqual(newPayment())
  })

  it('begins a payment without a token where the order has none', () => {
    const { payment: _token, ...data } = orderPlacedEvent().data
    const { token: _none, ...expected } = newPayment()
    expect(whenEvent(undefined, { ...orderPlacedEvent(), data }, NOW)).toEqual(expected)
  })

  it('keeps the trace that the order came in', () => {
    const event = orderPlacedEvent({ traceparent: 'a trace' })
    expect(whenEvent(undefined, event, NOW)).toEqual(newPayment({ traceparent: 'a trace' }))
  })

  it('keeps what the client calls the order', () => {
    const event = orderPlacedEvent({ owner: { client: 'shop', externalid: '12345' } })
    expect(whenEvent(undefined, event, NOW)).toEqual(newPayment({ externalId: '12345' }))
  })

  it('takes amounts in the minor unit of the currency', () => {
    const event = orderPlacedEvent({ data: { totalAmount: 1.234, currency: 'KWD' } })
    expect(whenEvent(undefined, event, NOW)).toMatchObject({ amountMinor: 1_234, currency: 'KWD' })
  })

  it('again changes nothing', () => {
    const known = newPayment({ status: 'authorized' })
    expect(whenEvent(known, orderPlacedEvent(), LATER)).toBe(known)
  })

  it('after its end only says whose the payment is', () => {
    const tombstone = newPayment({ client: null, goal: 'return', status: 'voided' })
    expect(whenEvent(tombstone, orderPlacedEvent(), LATER)).toEqual({
      ...tombstone,
      client: 'shop',
      revision: tombstone.revision + 1,
    })
  })
})

it('a payment that began before external ids were known learns of it by the next event, once', () => {
  const event = orderConfirmedEvent({ owner: { client: 'shop', externalid: '12345' } })
  const known = newPayment()
  const named = whenEvent(known, event, LATER)
  expect(named).toEqual({ ...known, externalId: '12345', goal: 'capture', revision: known.revision + 1 })
  expect(whenEvent(named, event, LATER)).toEqual(named)
})

describe.each([orderRejectedEvent(), orderCancelledEvent()])('$type', (event) => {
  it('before its order says whose the payment would have been, where it knows', () => {
    const owned = { ...event, data: { ...event.data, client: 'shop' } }
    expect(whenEvent(undefined, owned, NOW)).toMatchObject({ client: 'shop', goal: 'return' })
  })

  it('before its order leaves a tombstone that no money moves for', () => {
    const { token: _token, ...rest } = newPayment({ client: null, goal: 'return' })
    expect(whenEvent(undefined, event, NOW)).toEqual(rest)
  })

  it('gives the money back', () => {
    const payment = newPayment({ status: 'captured', goal: 'capture' })
    expect(whenEvent(payment, event, LATER)).toEqual({ ...payment, goal: 'return' })
  })
})

describe('OrderConfirmed', () => {
  it('captures', () => {
    const payment = newPayment({ status: 'authorized' })
    expect(whenEvent(payment, orderConfirmedEvent(), LATER)).toEqual({ ...payment, goal: 'capture' })
  })

  it('means nothing to a payment that never began', () => {
    expect(whenEvent(undefined, orderConfirmedEvent(), NOW)).toBeUndefined()
  })
})

describe('RefundRequested', () => {
  it('changes nothing by itself', () => {
    const payment = newPayment({ status: 'captured', goal: 'capture' })
    expect(whenEvent(payment, refundRequestedEvent('rf_1'), LATER)).toBe(payment)
  })

  it('means nothing to a payment that never began', () => {
    expect(whenEvent(undefined, refundRequestedEvent('rf_1'), NOW)).toBeUndefined()
  })
})

describe('a goal only moves forward', () => {
  it.each(
    GOALS.flatMap((goal) => [
      { goal, event: orderPlacedEvent(), leaves: goal },
      { goal, event: orderConfirmedEvent(), leaves: goal === 'authorize' ? 'capture' : goal },
      { goal, event: orderRejectedEvent(), leaves: 'return' },
      { goal, event: orderCancelledEvent(), leaves: 'return' },
    ]),
  )('$goal and $event.type: $leaves', ({ goal, event, leaves }) => {
    const payment: Payment = newPayment({ goal })
    const after = whenEvent(payment, event, LATER)
    expect(after).toEqual({ ...payment, goal: leaves })
  })

  it('and is the same payment where it does not move', () => {
    const cancelled = newPayment({ goal: 'return' })
    expect(whenEvent(cancelled, orderConfirmedEvent(), LATER)).toBe(cancelled)
  })
})
