import { describe, expect, it } from 'vitest'
import {
  paymentAuthorized,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentVoided,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import {
  because,
  cancellationRequested,
  given,
  orderCancelled,
  orderPlaced,
  orderRejected,
} from '../../support/given.ts'

const WANTED = because('cancelled_by_client', 'Changed my mind.')
const CONFIRMED = [stockReserved(), paymentAuthorized()]
const SETTLED = [...CONFIRMED, stockCommitted(), paymentCaptured()]

describe('a cancellation', () => {
  it('before any answer cancels', () => {
    given(orderPlaced()).when(cancellationRequested()).then(orderCancelled(WANTED))
  })

  it('between the answers cancels', () => {
    given(orderPlaced(), stockReserved()).when(cancellationRequested()).then(orderCancelled(WANTED))
  })

  it('after the confirmation cancels', () => {
    given(orderPlaced(), ...CONFIRMED)
      .when(cancellationRequested())
      .then(orderCancelled(WANTED))
  })

  it('after the settlement cancels', () => {
    given(orderPlaced(), ...SETTLED)
      .when(cancellationRequested())
      .then(orderCancelled(WANTED))
  })

  it('says the reason of the client', () => {
    given(orderPlaced())
      .when(cancellationRequested('Too slow.'))
      .then(orderCancelled(because('cancelled_by_client', 'Too slow.')))
  })

  it('arrives twice and cancels once', () => {
    given(orderPlaced(), cancellationRequested()).when(cancellationRequested('Again.')).thenNothingChanges()
  })

  it('of a rejected order changes nothing', () => {
    given(orderPlaced(), stockRejected()).when(cancellationRequested()).thenNothingChanges()
  })

  it('carries the trace of who asked for it', () => {
    const { order } = given(orderPlaced()).when(cancellationRequested('x', 'their trace'))
    expect(order.history.at(-1)).toMatchObject({ type: 'OrderCancelled', traceparent: 'their trace' })
  })

  it('carries the trace of the order when who asked had none', () => {
    const { order } = given(orderPlaced({ traceparent: 'its trace' })).when(cancellationRequested())
    expect(order.history.at(-1)).toMatchObject({ type: 'OrderCancelled', traceparent: 'its trace' })
  })
})

describe('a cancelled order', () => {
  it('has both legs to undo', () => {
    given(orderPlaced(), ...CONFIRMED)
      .when(cancellationRequested())
      .thenOutstanding('inventory', 'payment')
  })

  it('stays cancelled whatever is answered late', () => {
    given(orderPlaced(), cancellationRequested())
      .when(...CONFIRMED)
      .then(orderCancelled(WANTED))
  })

  it('shows how far its legs had come', () => {
    given(orderPlaced(), cancellationRequested())
      .when(...CONFIRMED)
      .thenLegs({ inventory: 'reserved', payment: 'authorized' })
  })

  it('is not settled before the money is back', () => {
    given(orderPlaced(), ...SETTLED, cancellationRequested())
      .when(stockReleased())
      .thenUnsettled()
  })

  it('is not settled by a refund of a part', () => {
    given(orderPlaced(), ...SETTLED, cancellationRequested(), stockReleased())
      .when(paymentRefunded({ data: { refundedAmount: 149.99 } }))
      .thenUnsettled()
  })

  it.each([
    ['nothing had been done', [], [stockReleased(), paymentVoided()]],
    ['it was confirmed', CONFIRMED, [stockReleased(), paymentVoided()]],
    ['it was settled', SETTLED, [stockReleased(), paymentRefunded()]],
    ['the stock had said no by then', [], [stockRejected(), paymentVoided()]],
    ['the capture had been refused by then', CONFIRMED, [stockReleased(), paymentFailed()]],
  ])('is settled once both legs have let go, where %s', (_, before, undone) => {
    given(orderPlaced(), ...before, cancellationRequested())
      .when(...undone)
      .thenSettledBy(before.length + 3)
  })
})

describe('a bank that refuses to capture a confirmed order', () => {
  const REFUSED = because('payment_failed', 'The bank refused to capture.')

  it('cancels it', () => {
    given(orderPlaced(), ...CONFIRMED)
      .when(paymentFailed())
      .then(orderCancelled(REFUSED))
  })

  it('has its stock given back', () => {
    given(orderPlaced(), ...CONFIRMED)
      .when(paymentFailed())
      .thenOutstanding('inventory')
  })

  it('has its stock returned where it was committed already', () => {
    given(orderPlaced(), ...CONFIRMED, stockCommitted())
      .when(paymentFailed())
      .thenOutstanding('inventory')
  })

  it('is the cause of the cancellation', () => {
    const cause = { id: 'the confirmation', hops: 2 }
    const { order } = given(orderPlaced(), ...CONFIRMED).when(paymentFailed({ cause }))
    expect(order.history.at(-1)).toMatchObject({
      type: 'OrderCancelled',
      causationId: paymentFailed().id,
      hops: 4,
    })
  })

  it('refuses once: the same answer again changes nothing', () => {
    given(orderPlaced(), ...CONFIRMED, paymentFailed())
      .when(paymentFailed())
      .thenNothingChanges()
  })

  it('cancels it too when the authorization was given back instead', () => {
    const detail = 'The payment of this order had already been given back.'
    given(orderPlaced(), ...CONFIRMED)
      .when(paymentVoided())
      .then(orderCancelled(because('payment_failed', detail)))
  })

  it('leaves a cancelled order its first reason', () => {
    given(orderPlaced(), ...CONFIRMED, cancellationRequested())
      .when(paymentFailed())
      .then(orderCancelled(WANTED))
  })

  it('leaves a rejected order its first reason', () => {
    const reason = because('out_of_stock', 'P001: 2 requested, 1 available')
    given(orderPlaced(), stockRejected()).when(paymentFailed()).then(orderRejected(reason))
  })
})
