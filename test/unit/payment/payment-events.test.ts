import { describe, expect, it } from 'vitest'
import type { Payment, Refund } from '../../../src/payment/payment.ts'
import {
  authorizationOverdue,
  refundedEvent,
  refundRequested,
  reportFor,
} from '../../../src/payment/payment-events.ts'
import { CLIENT, NOW, newPayment, ORDER_ID, orderPlacedEvent } from '../../support/builders.ts'

const cause = orderPlacedEvent({ traceparent: 'a trace' })
const REFUSAL = { code: 'card_declined', detail: 'No.' }
const refund = (refundId: string, state: Refund['state'] = 'succeeded'): Refund => ({
  refundId,
  amountMinor: 5_000,
  requestedAt: NOW,
  state,
  isNoted: false,
})
const payment = (overrides: Partial<Payment>): Payment =>
  newPayment({ revision: 7, changedAt: NOW + 1_000, ...overrides })

const leg = { orderId: ORDER_ID, amount: 150, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }
const envelope = (type: string) => ({
  specversion: '1.0',
  id: `${ORDER_ID}/${type}`,
  source: '/payment',
  type,
  schemaversion: 1,
  subject: ORDER_ID,
  time: '2026-11-23T12:00:01.000Z',
  datacontenttype: 'application/json',
  revision: 7,
  correlationid: ORDER_ID,
  causationid: cause.id,
  traceparent: 'a trace',
  client: CLIENT.client,
  hops: 1,
})

describe('the answer to any event is the payment as it stands', () => {
  it('nothing yet, while the bank has not decided', () => {
    expect(reportFor(payment({ status: 'pending' }), cause)).toBeUndefined()
  })

  it.each([
    ['authorized', {}, 'PaymentAuthorized', leg],
    ['voided', {}, 'PaymentVoided', leg],
    ['captured', { capturedMinor: 15_000 }, 'PaymentCaptured', { ...leg, capturedAmount: 150 }],
    ['declined', { refusal: REFUSAL }, 'PaymentDeclined', { ...leg, reason: REFUSAL }],
    ['failed', { refusal: REFUSAL }, 'PaymentFailed', { ...leg, reason: REFUSAL }],
  ] as const)('%s', (...expected) => {
    const [status, overrides, type, data] = expected
    expect(reportFor(payment({ status, ...overrides }), cause)).toEqual({ ...envelope(type), data })
  })

  it('captured, with the part of it that was given back', () => {
    const amounts = { capturedMinor: 15_000, refundedMinor: 5_000 }
    expect(reportFor(payment({ status: 'captured', ...amounts }), cause)?.data).toEqual({
      ...leg,
      ...{ capturedAmount: 150, refundedAmount: 50 },
    })
  })

  it.each(['authorized', 'captured'] as const)('%s, with what it is stuck on', (status) => {
    expect(reportFor(payment({ status, stuck: REFUSAL }), cause)?.data).toMatchObject({ stuck: REFUSAL })
  })

  it('refunded, which is the last refund that went through', () => {
    const refunds = [refund('rf_1'), refund('rf_2'), refund('rf_3', 'failed')]
    const amounts = { capturedMinor: 15_000, refundedMinor: 15_000 }
    expect(reportFor(payment({ status: 'refunded', refunds, ...amounts }), cause)).toEqual({
      ...envelope('PaymentRefunded'),
      id: `${ORDER_ID}/PaymentRefunded/rf_2`,
      data: { ...leg, capturedAmount: 150, refundedAmount: 150, refundId: 'rf_2' },
    })
  })

  it('refused, also where the bank gave no reason', () => {
    expect(reportFor(payment({ status: 'declined' }), cause)?.data).toMatchObject({
      reason: { code: 'refused', detail: 'The bank refused the payment.' },
    })
  })
})

describe('a refund that was made', () => {
  it('is published without a cause too, in the trace of the payment', () => {
    const published = refundedEvent(payment({ traceparent: 'its own trace' }), refund('rf_1'))
    expect(published).toMatchObject({ traceparent: 'its own trace', hops: 0 })
    expect(published).not.toHaveProperty('causationid')
  })
})

describe('a refund that is to be made', () => {
  it('is asked of the payment service, once for each refund', () => {
    expect(refundRequested(payment({}), refund('rf_1', 'pending'))).toMatchObject({
      id: `${ORDER_ID}/RefundRequested/rf_1`,
      type: 'RefundRequested',
      subject: ORDER_ID,
      time: '2026-11-23T12:00:00.000Z',
      data: { orderId: ORDER_ID, refundId: 'rf_1' },
    })
  })
})

describe('a payment without news of its order', () => {
  it('is asked about, each time by an event of its own', () => {
    expect(authorizationOverdue(payment({}), NOW)).toMatchObject({
      id: `${ORDER_ID}/AuthorizationOverdue/${NOW}`,
      type: 'AuthorizationOverdue',
      subject: ORDER_ID,
      revision: 7,
      data: { orderId: ORDER_ID },
    })
  })
})
