import { createEvent, type DomainEvent, type EventOf, type Owner } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import type { Instant } from '../kernel/instant.ts'
import { toMajor } from '../kernel/money.ts'
import type { Payment, Refund } from './payment.ts'

/** As much of a payment as reports on it need: it crosses back to the Worker without the rest. */
export type ReportedPayment = Pick<
  Payment,
  | 'orderId'
  | 'externalId'
  | 'client'
  | 'currency'
  | 'amountMinor'
  | 'status'
  | 'capturedMinor'
  | 'refundedMinor'
  | 'refusal'
  | 'stuck'
  | 'refunds'
  | 'revision'
  | 'changedAt'
  | 'traceparent'
>

export const toReport = (payment: Payment): ReportedPayment => {
  const {
    token,
    goal,
    step,
    attempts,
    createdAt,
    authorizationId,
    redriveId,
    refusedKeyNumber,
    ...reported
  } = payment
  return reported
}

type Cause = Pick<DomainEvent, 'id' | 'hops' | 'traceparent' | 'client' | 'externalid'>

/** The report on any event about the order: its payment as it stands. Undefined until the bank has decided. */
export const reportFor = (payment: ReportedPayment, cause: Cause): DomainEvent | undefined => {
  const data = legOf(payment)
  const common = {
    subject: payment.orderId,
    at: payment.changedAt,
    revision: payment.revision,
    cause,
    owner: ownerOf(payment),
  }
  switch (payment.status) {
    case 'pending':
      return undefined
    case 'authorized':
      return createEvent({ ...common, type: 'PaymentAuthorized', data: { ...data, ...stuckOf(payment) } })
    case 'captured':
      return createEvent({ ...common, type: 'PaymentCaptured', data: { ...data, ...stuckOf(payment) } })
    case 'voided':
      return createEvent({ ...common, type: 'PaymentVoided', data })
    case 'declined':
      return createEvent({ ...common, type: 'PaymentDeclined', data: { ...data, reason: reasonOf(payment) } })
    case 'failed':
      return createEvent({ ...common, type: 'PaymentFailed', data: { ...data, reason: reasonOf(payment) } })
    case 'refunded': {
      const last = payment.refunds.findLast((refund) => refund.state === 'succeeded')
      return last && refundedEvent(payment, last, cause)
    }
    default:
      return assertNever(payment.status)
  }
}

/** One successful refund, with the payment's totals so far. */
export const refundedEvent = (
  payment: ReportedPayment,
  refund: Refund,
  cause?: Cause,
): EventOf<'PaymentRefunded'> =>
  createEvent({
    type: 'PaymentRefunded',
    subject: payment.orderId,
    occurrence: refund.refundId,
    at: payment.changedAt,
    revision: payment.revision,
    data: { ...legOf(payment), refundId: refund.refundId },
    cause,
    traceparent: payment.traceparent,
    owner: ownerOf(payment),
  })

export const refundRequested = (payment: Payment, refund: Refund): EventOf<'RefundRequested'> =>
  createEvent({
    type: 'RefundRequested',
    subject: payment.orderId,
    occurrence: refund.refundId,
    at: refund.requestedAt,
    revision: payment.revision,
    data: { orderId: payment.orderId, refundId: refund.refundId },
    traceparent: payment.traceparent,
    owner: ownerOf(payment),
  })

/** The payment has been open for a long time. Asks the order service for the decision, or a Worker to void what was released. */
export const authorizationOverdue = (payment: Payment, now: Instant): EventOf<'AuthorizationOverdue'> =>
  createEvent({
    type: 'AuthorizationOverdue',
    subject: payment.orderId,
    occurrence: String(now),
    at: now,
    revision: payment.revision,
    data: { orderId: payment.orderId },
    traceparent: payment.traceparent,
    owner: ownerOf(payment),
  })

const ownerOf = ({ client, externalId }: ReportedPayment): Owner => ({
  client: client ?? undefined,
  externalid: externalId,
})

const legOf = (payment: ReportedPayment) => ({
  orderId: payment.orderId,
  amount: toMajor(payment.amountMinor, payment.currency),
  capturedAmount: toMajor(payment.capturedMinor, payment.currency),
  refundedAmount: toMajor(payment.refundedMinor, payment.currency),
  currency: payment.currency,
})

const stuckOf = (payment: ReportedPayment) => (payment.stuck === undefined ? {} : { stuck: payment.stuck })

const reasonOf = (payment: ReportedPayment) =>
  payment.refusal ?? { code: 'refused', detail: 'The bank refused the payment.' }
