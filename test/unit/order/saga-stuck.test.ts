import { describe, expect, it } from 'vitest'
import {
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, effectOverdue, given, orderPlaced } from '../../support/given.ts'

const SETTLED = [stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured()]
const REJECTED = [stockReserved(), paymentDeclined()]
const stuckCapture = (code = 'closed') => paymentCaptured({ data: { stuck: { code, detail: 'No.' } } })

describe('a decision that does not take effect', () => {
  it('is overdue since it was first missed', () => {
    const { order } = given(orderPlaced(), ...REJECTED).when(effectOverdue())
    expect(order.overdueSince).toBe(order.placedAt + 3_000)
  })

  it('is overdue once', () => {
    given(orderPlaced(), ...REJECTED, effectOverdue())
      .when(effectOverdue())
      .thenNothingChanges()
  })

  it('is a change of the order, and no fact of its history', () => {
    const overdue = given(orderPlaced(), ...REJECTED).when(effectOverdue())
    overdue.thenRecords()
    expect(overdue.order.version).toBe(5)
  })

  it('still has the same legs outstanding', () => {
    given(orderPlaced(), ...REJECTED)
      .when(effectOverdue())
      .thenOutstanding('inventory')
  })

  it('is overdue no longer once it is settled', () => {
    const { order } = given(orderPlaced(), ...REJECTED, effectOverdue()).when(stockReleased())
    expect(order).not.toHaveProperty('overdueSince')
  })

  it('is overdue no longer once it is another decision', () => {
    const confirmed = given(orderPlaced(), stockReserved(), paymentAuthorized(), effectOverdue())
    expect(confirmed.when(cancellationRequested()).order).not.toHaveProperty('overdueSince')
  })

  it.each([
    ['pending', []],
    ['settled', SETTLED],
  ])('is not what an order has that is %s', (_, facts) => {
    given(orderPlaced(), ...facts)
      .when(effectOverdue())
      .thenNothingChanges()
  })
})

describe('a payment that the bank refuses to undo', () => {
  const cancelled = () => given(orderPlaced(), ...SETTLED, cancellationRequested(), stockReleased())

  it('is stuck with the reason of the bank', () => {
    expect(cancelled().when(stuckCapture()).order.payment).toEqual({
      status: 'captured',
      capturedMinor: 15_000,
      refundedMinor: 0,
      stuck: 'closed: No.',
    })
  })

  it('leaves the order unsettled', () => {
    cancelled().when(stuckCapture()).thenUnsettled()
  })

  it('is logged once', () => {
    given(orderPlaced(), ...SETTLED, cancellationRequested(), stuckCapture())
      .when(stuckCapture())
      .thenNothingChanges()
  })

  it('may be refused for another reason later', () => {
    expect(cancelled().when(stuckCapture(), stuckCapture('lost')).order.payment.stuck).toBe('lost: No.')
  })

  it('is stuck no longer once the money is back', () => {
    const { order } = cancelled().when(stuckCapture(), paymentRefunded())
    expect(order).toMatchObject({ settledAt: expect.any(Number) })
    expect(order.payment).not.toHaveProperty('stuck')
  })

  it('is not freed by an older answer that does not know of it', () => {
    cancelled().when(stuckCapture(), paymentCaptured()).thenUnsettled()
    expect(cancelled().when(stuckCapture(), paymentCaptured()).order.payment.stuck).toBe('closed: No.')
  })
})
