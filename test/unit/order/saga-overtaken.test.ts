import { describe, expect, it } from 'vitest'
import {
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentFailed,
  paymentRefunded,
  paymentVoided,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, given, orderPlaced } from '../../support/given.ts'

const CONFIRMED = [stockReserved(), paymentAuthorized()]
const SETTLED = [...CONFIRMED, stockCommitted(), paymentCaptured()]
const CANCELLED = [...SETTLED, cancellationRequested(), stockReleased(), paymentRefunded()]

describe('G2: a report that arrives twice changes nothing', () => {
  it.each([
    stockReserved(),
    stockRejected(),
    stockCommitted(),
    stockReleased(),
    paymentAuthorized(),
    paymentDeclined(),
    paymentCaptured(),
    paymentFailed(),
    paymentVoided(),
    paymentRefunded(),
  ])('$type', (answer) => {
    given(orderPlaced(), answer).when(answer).thenNothingChanges()
  })
})

describe('G2: a report that was overtaken is ignored', () => {
  it.each([
    ['StockReserved after StockCommitted', stockCommitted(), stockReserved()],
    ['StockReserved after StockReleased', stockReleased(), stockReserved()],
    ['StockReserved after StockRejected', stockRejected(), stockReserved()],
    ['StockCommitted after StockReleased', stockReleased(), stockCommitted()],
    ['StockReleased after StockRejected', stockRejected(), stockReleased()],
    ['PaymentAuthorized after PaymentCaptured', paymentCaptured(), paymentAuthorized()],
    ['PaymentAuthorized after PaymentDeclined', paymentDeclined(), paymentAuthorized()],
    ['PaymentAuthorized after PaymentVoided', paymentVoided(), paymentAuthorized()],
    ['PaymentAuthorized after PaymentRefunded', paymentRefunded(), paymentAuthorized()],
    ['PaymentCaptured after PaymentRefunded', paymentRefunded(), paymentCaptured()],
    ['PaymentVoided after PaymentDeclined', paymentDeclined(), paymentVoided()],
  ])('%s', (_, later, overtaken) => {
    given(orderPlaced(), later).when(overtaken).thenNothingChanges()
  })

  it.each([...SETTLED, stockRejected(), paymentFailed(), paymentDeclined()])(
    '$type after the settled cancellation',
    (answer) => {
      given(orderPlaced(), ...CANCELLED)
        .when(answer)
        .thenNothingChanges()
    },
  )
})

/** Legs only move forward: rejected, declined, voided and failed are ends of a leg that had not come that far. */
describe('G2: a late failure never overrides a success', () => {
  it.each([
    ['StockRejected after StockReserved', stockReserved(), stockRejected()],
    ['StockRejected after StockCommitted', stockCommitted(), stockRejected()],
    ['StockRejected after StockReleased', stockReleased(), stockRejected()],
    ['PaymentDeclined after PaymentAuthorized', paymentAuthorized(), paymentDeclined()],
    ['PaymentDeclined after PaymentCaptured', paymentCaptured(), paymentDeclined()],
    ['PaymentFailed after PaymentCaptured', paymentCaptured(), paymentFailed()],
    ['PaymentVoided after PaymentCaptured', paymentCaptured(), paymentVoided()],
    ['PaymentFailed after PaymentRefunded', paymentRefunded(), paymentFailed()],
  ])('%s', (_, success, failure) => {
    given(orderPlaced(), success).when(failure).thenNothingChanges()
  })

  it.each([paymentFailed(), paymentDeclined(), paymentVoided(), stockRejected()])(
    '$type after the settlement',
    (failure) => {
      given(orderPlaced(), ...SETTLED)
        .when(failure)
        .thenNothingChanges()
    },
  )
})

describe('a leg that skips a step', () => {
  it('goes from pending to committed', () => {
    given(orderPlaced()).when(stockCommitted()).thenLegs({ inventory: 'committed', payment: 'pending' })
  })

  it('goes from pending to captured, with what was captured', () => {
    const { order } = given(orderPlaced()).when(paymentCaptured())
    expect(order.payment).toEqual({ status: 'captured', capturedMinor: 15_000, refundedMinor: 0 })
  })

  it('goes from authorized to refunded, with what was captured', () => {
    const { order } = given(orderPlaced(), ...CONFIRMED).when(paymentRefunded())
    expect(order.payment).toEqual({ status: 'refunded', capturedMinor: 15_000, refundedMinor: 15_000 })
  })
})
