import { describe, expect, it } from 'vitest'
import {
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, deadlinePassed, given, orderPlaced } from '../../support/given.ts'

const CONFIRMED = [stockReserved(), paymentAuthorized()]
const SETTLED = [...CONFIRMED, stockCommitted(), paymentCaptured()]

describe('a confirmed order', () => {
  it('is settled by the money, where the stock is committed', () => {
    given(orderPlaced(), ...CONFIRMED, stockCommitted())
      .when(paymentCaptured())
      .thenSettledBy(4)
  })

  it('is settled by the stock, where the money is captured', () => {
    given(orderPlaced(), ...CONFIRMED, paymentCaptured())
      .when(stockCommitted())
      .thenSettledBy(4)
  })

  it('is settled at once where both legs went ahead', () => {
    given(orderPlaced(), stockCommitted())
      .when(paymentCaptured())
      .thenRecords('PaymentCaptured', 'OrderConfirmed', 'OrderSettled')
  })

  it('is not settled by the money alone', () => {
    given(orderPlaced(), ...CONFIRMED)
      .when(paymentCaptured())
      .thenOutstanding('inventory')
  })

  it('is not settled by the stock alone', () => {
    given(orderPlaced(), ...CONFIRMED)
      .when(stockCommitted())
      .thenOutstanding('payment')
  })

  it('is settled also where the refund is reported before the capture', () => {
    given(orderPlaced(), ...CONFIRMED, stockCommitted())
      .when(paymentRefunded({ data: { refundId: 'rf_1' } }))
      .thenSettledBy(4)
  })
})

describe('a rejected order', () => {
  it('is settled once the other leg has let go', () => {
    given(orderPlaced(), stockReserved(), paymentDeclined()).when(stockReleased()).thenSettledBy(3)
  })

  it('is settled at once where both legs said no', () => {
    given(orderPlaced(), paymentDeclined()).when(stockRejected()).thenSettledBy(2)
  })

  it('has only the leg outstanding that did not end', () => {
    given(orderPlaced(), stockReserved()).when(paymentDeclined()).thenOutstanding('inventory')
  })

  it('is settled after the deadline once both have let go', () => {
    given(orderPlaced(), deadlinePassed()).when(stockReleased(), paymentVoided()).thenSettledBy(3)
  })
})

describe('settlement', () => {
  it('is recorded with what was decided', () => {
    const { order } = given(orderPlaced(), ...SETTLED).when()
    expect(order.history.at(-1)).toMatchObject({
      type: 'OrderSettled',
      data: { orderId: ORDER_ID, status: 'confirmed' },
    })
  })

  it('happens once, whatever is repeated', () => {
    given(orderPlaced(), ...SETTLED)
      .when(...SETTLED)
      .thenNothingChanges()
  })

  it('is taken back by a cancellation', () => {
    given(orderPlaced(), ...SETTLED)
      .when(cancellationRequested())
      .thenUnsettled()
  })

  it('happens again once the cancellation has taken effect', () => {
    given(orderPlaced(), ...SETTLED, cancellationRequested())
      .when(stockReleased(), paymentRefunded())
      .thenRecords('StockReleased', 'PaymentRefunded', 'OrderSettled')
  })

  it('has an id of its own the second time', () => {
    const { order } = given(orderPlaced(), ...SETTLED, cancellationRequested()).when(
      stockReleased(),
      paymentRefunded(),
    )
    const occurrences = order.history.filter(({ type }) => type === 'OrderSettled')
    expect(occurrences.map(({ occurrence }) => occurrence)).toEqual([undefined, String(order.version)])
  })

  it('needs the legs that the decision names', () => {
    given(orderPlaced()).when().thenOutstanding('inventory', 'payment')
  })
})
