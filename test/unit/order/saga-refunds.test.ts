import { describe, expect, it } from 'vitest'
import {
  paymentAuthorized,
  paymentCaptured,
  paymentRefunded,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, given, orderConfirmed, orderPlaced } from '../../support/given.ts'

const SETTLED = [stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured()]
const part = (refundId: string, refundedAmount: number) =>
  paymentRefunded({ data: { refundId, refundedAmount } })

const settled = () => given(orderPlaced(), ...SETTLED)

describe('a refund without cancellation', () => {
  it('does not change what was decided', () => {
    settled().when(part('rf_1', 150)).then(orderConfirmed())
  })

  it('does not change when it was settled', () => {
    settled().when(part('rf_1', 150)).thenSettledBy(SETTLED.length)
  })

  it('of a part leaves the payment captured', () => {
    const { order } = settled().when(part('rf_1', 50))
    expect(order.payment).toEqual({ status: 'captured', capturedMinor: 15_000, refundedMinor: 5_000 })
  })

  it('of all leaves the payment refunded', () => {
    const { order } = settled().when(part('rf_1', 50), part('rf_2', 150))
    expect(order.payment).toEqual({ status: 'refunded', capturedMinor: 15_000, refundedMinor: 15_000 })
  })

  it('is recorded for each refund', () => {
    settled().when(part('rf_1', 50), part('rf_2', 70)).thenRecords('PaymentRefunded', 'PaymentRefunded')
  })

  it('is recorded once when it arrives twice', () => {
    given(orderPlaced(), ...SETTLED, part('rf_1', 50))
      .when(part('rf_1', 50))
      .thenNothingChanges()
  })

  it('is recorded although a later one overtook it', () => {
    given(orderPlaced(), ...SETTLED, part('rf_2', 70))
      .when(part('rf_1', 50))
      .thenRecords('PaymentRefunded')
  })

  it('never lowers what is known to be given back', () => {
    const { order } = given(orderPlaced(), ...SETTLED, part('rf_2', 70)).when(part('rf_1', 50))
    expect(order.payment.refundedMinor).toBe(7_000)
  })

  it('repeated with a larger sum is a change without a new fact', () => {
    const before = given(orderPlaced(), ...SETTLED, part('rf_1', 50)).when()
    const after = given(orderPlaced(), ...SETTLED, part('rf_1', 50)).when(part('rf_1', 70))
    after.thenRecords()
    expect(after.order).toEqual({
      ...before.order,
      version: before.order.version + 1,
      payment: { ...before.order.payment, refundedMinor: 7_000 },
    })
  })

  it('that a later PaymentCaptured tells of counts', () => {
    const { order } = settled().when(paymentCaptured({ data: { refundedAmount: 20 } }))
    expect(order.payment).toEqual({ status: 'captured', capturedMinor: 15_000, refundedMinor: 2_000 })
  })
})

describe('a cancellation after a refund of a part', () => {
  const cancelled = () => given(orderPlaced(), ...SETTLED, part('rf_1', 50), cancellationRequested())

  it('waits for the rest', () => {
    cancelled().when(stockReleased()).thenOutstanding('payment')
  })

  it('is settled by the refund of the rest', () => {
    cancelled()
      .when(stockReleased(), part('cancellation', 150))
      .thenSettledBy(SETTLED.length + 4)
  })
})
