import { expect, it } from 'vitest'
import { viewPayment } from '../../../src/payment/payment-view.ts'
import { NOW, newPayment, ORDER_ID } from '../../support/builders.ts'

const PENDING = {
  orderId: ORDER_ID,
  status: 'pending',
  currency: 'USD',
  amount: 150,
  capturedAmount: 0,
  refundedAmount: 0,
  attempts: 0,
  refunds: [],
  createdAt: '2026-11-23T12:00:00.000Z',
  updatedAt: '2026-11-23T12:00:00.000Z',
}
const REFUSAL = { code: 'card_declined', detail: 'No.' }

it('shows a payment without its token, and without whose it is', () => {
  expect(viewPayment(newPayment())).toEqual(PENDING)
})

it('is shown under the id that its client gave the order', () => {
  const refunds = [
    { refundId: 'rf_1', amountMinor: 1, requestedAt: NOW, state: 'pending' as const, isNoted: false },
  ]
  const view = viewPayment(newPayment({ externalId: '12345', refunds }))
  expect([view.orderId, view.refunds[0]?.orderId]).toEqual(['12345', '12345'])
})

it('shows the name that the bank has for it', () => {
  expect(viewPayment(newPayment({ authorizationId: 'auth_1' }))).toEqual({
    ...PENDING,
    gatewayReference: 'auth_1',
  })
})

it('shows why it was refused, and what it is stuck on', () => {
  expect(viewPayment(newPayment({ refusal: REFUSAL, stuck: REFUSAL }))).toEqual({
    ...PENDING,
    reason: REFUSAL,
    stuck: REFUSAL,
  })
})

it('shows its refunds in the major unit of its currency', () => {
  const refund = { refundId: 'rf_1', amountMinor: 1, requestedAt: NOW, state: 'pending' as const }
  const refunds = [
    { ...refund, isNoted: false },
    { ...refund, refundId: 'rf_2', reason: 'Broken.', isNoted: true },
  ]
  const shown = { orderId: ORDER_ID, amount: 0.001, currency: 'KWD', status: 'pending' }
  const requestedAt = '2026-11-23T12:00:00.000Z'
  expect(viewPayment(newPayment({ currency: 'KWD', refunds })).refunds).toEqual([
    { ...shown, refundId: 'rf_1', requestedAt },
    { ...shown, refundId: 'rf_2', reason: 'Broken.', requestedAt },
  ])
})
