import { describe, it } from 'vitest'
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
import {
  because,
  deadlinePassed,
  given,
  orderConfirmed,
  orderPlaced,
  orderRejected,
  stillPending,
} from '../../support/given.ts'

const DECLINED = because('payment_declined', 'The card was declined.')
const SHORT = because('out_of_stock', 'P001: 2 requested, 1 available')

describe('a pending order is confirmed by both answers', () => {
  it('stock first', () => {
    given(orderPlaced(), stockReserved()).when(paymentAuthorized()).then(orderConfirmed())
  })

  it('money first', () => {
    given(orderPlaced(), paymentAuthorized()).when(stockReserved()).then(orderConfirmed())
  })

  it('of which one is not enough: stock', () => {
    given(orderPlaced()).when(stockReserved()).then(stillPending())
  })

  it('of which one is not enough: money', () => {
    given(orderPlaced()).when(paymentAuthorized()).then(stillPending())
  })

  it('also where they have been overtaken by later ones', () => {
    given(orderPlaced(), stockCommitted()).when(paymentCaptured()).then(orderConfirmed())
  })

  it('after which both legs owe the effect', () => {
    given(orderPlaced(), stockReserved()).when(paymentAuthorized()).thenOutstanding('inventory', 'payment')
  })
})

describe('a pending order is rejected by the first no', () => {
  it('too little stock', () => {
    given(orderPlaced()).when(stockRejected()).then(orderRejected(SHORT))
  })

  it('too little stock of two products, each named', () => {
    const lines = [
      { productId: 'P001', requested: 2, available: 1 },
      { productId: 'P002', requested: 1, available: 0 },
    ]
    const detail = 'P001: 2 requested, 1 available; P002: 1 requested, 0 available'
    given(orderPlaced())
      .when(stockRejected({ data: { lines } }))
      .then(orderRejected(because('out_of_stock', detail)))
  })

  it('stock that had been let go', () => {
    const detail = 'The stock of this order had already been released.'
    given(orderPlaced())
      .when(stockReleased())
      .then(orderRejected(because('out_of_stock', detail)))
  })

  it('a declined payment', () => {
    given(orderPlaced()).when(paymentDeclined()).then(orderRejected(DECLINED))
  })

  it('a failed payment', () => {
    const reason = because('payment_failed', 'The bank refused to capture.')
    given(orderPlaced()).when(paymentFailed()).then(orderRejected(reason))
  })

  it.each([
    ['voided', paymentVoided()],
    ['refunded', paymentRefunded()],
  ])('a payment that was %s', (_, answer) => {
    const reason = because('payment_failed', 'The payment of this order had already been given back.')
    given(orderPlaced()).when(answer).then(orderRejected(reason))
  })

  it('after a yes of the other leg: stock', () => {
    given(orderPlaced(), stockReserved()).when(paymentDeclined()).then(orderRejected(DECLINED))
  })

  it('after a yes of the other leg: money', () => {
    given(orderPlaced(), paymentAuthorized()).when(stockRejected()).then(orderRejected(SHORT))
  })

  it('whose reason the second no does not change', () => {
    given(orderPlaced(), paymentDeclined()).when(stockRejected()).then(orderRejected(DECLINED))
  })

  it('and never confirmed by a late yes', () => {
    given(orderPlaced(), paymentDeclined()).when(stockReserved()).then(orderRejected(DECLINED))
  })
})

describe('the deadline', () => {
  const TOO_LATE = because('deadline_exceeded', 'Inventory and payment did not both answer in time.')

  it('rejects an order without reports', () => {
    given(orderPlaced()).when(deadlinePassed()).then(orderRejected(TOO_LATE))
  })

  it('rejects an order that one leg answered', () => {
    given(orderPlaced(), stockReserved()).when(deadlinePassed()).then(orderRejected(TOO_LATE))
  })

  it('leaves both legs to let go', () => {
    given(orderPlaced(), stockReserved()).when(deadlinePassed()).thenOutstanding('inventory', 'payment')
  })

  it.each([
    ['confirmed', [stockReserved(), paymentAuthorized()]],
    ['rejected', [stockRejected()]],
  ])('changes nothing about an order that is %s', (_, facts) => {
    given(orderPlaced(), ...facts)
      .when(deadlinePassed())
      .thenNothingChanges()
  })

  it('is not undone by answers that come late', () => {
    given(orderPlaced(), deadlinePassed())
      .when(stockReserved(), paymentAuthorized())
      .then(orderRejected(TOO_LATE))
  })

  it('still has late answers undone', () => {
    given(orderPlaced(), deadlinePassed())
      .when(stockReserved(), paymentAuthorized())
      .thenOutstanding('inventory', 'payment')
  })
})
