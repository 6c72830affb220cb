import type { z } from 'zod'
import { paymentSchema, refundViewSchema } from '../contracts/http/payments.ts'
import type { PartViews } from '../contracts/http/story.ts'
import { toTimestamp } from '../kernel/instant.ts'
import { toMajor } from '../kernel/money.ts'
import { storedType } from '../messaging/stored-document.ts'
import type { BankRecord } from './bank.ts'
import type { Payment, Refund } from './payment.ts'

/** The payment as callers see it, under the id that the client gave the order. It never shows the token. */
export const viewPayment = (payment: Payment): PaymentView => ({
  orderId: payment.externalId ?? payment.orderId,
  status: payment.status,
  currency: payment.currency,
  amount: toMajor(payment.amountMinor, payment.currency),
  capturedAmount: toMajor(payment.capturedMinor, payment.currency),
  refundedAmount: toMajor(payment.refundedMinor, payment.currency),
  attempts: payment.attempts,
  ...(payment.authorizationId !== undefined && { gatewayReference: payment.authorizationId }),
  ...(payment.refusal && { reason: payment.refusal }),
  ...(payment.stuck && { stuck: payment.stuck }),
  refunds: payment.refunds.map((refund) => viewRefund(payment, refund)),
  createdAt: toTimestamp(payment.createdAt),
  updatedAt: toTimestamp(payment.changedAt),
})

export const viewRefund = (payment: Payment, refund: Refund): RefundView => ({
  refundId: refund.refundId,
  orderId: payment.externalId ?? payment.orderId,
  amount: toMajor(refund.amountMinor, payment.currency),
  currency: payment.currency,
  status: refund.state,
  ...(refund.reason !== undefined && { reason: refund.reason }),
  requestedAt: toTimestamp(refund.requestedAt),
})

/** An operation in the bank's books; `currency` is the order's. */
export const viewBankRecord = (record: BankRecord, currency: string): PartViews['bank'][number] => ({
  type: record.operation,
  amount: toMajor(record.amountMinor, currency),
  idempotencyKey: record.idempotencyKey,
  outcome: record.outcome,
  reference: record.reference,
  ...(record.at !== undefined && { at: toTimestamp(record.at) }),
})

export type PaymentView = z.infer<typeof paymentSchema>

export type RefundView = z.infer<typeof refundViewSchema>

/** As the list of payments has it. */
export const PAYMENT_VIEW = storedType('view of a payment', paymentSchema)

/** What older code kept of the answer to a refund. */
export const REFUND_VIEW = storedType('view of a refund', refundViewSchema)
