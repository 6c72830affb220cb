import { z } from 'zod'
import { instantField } from '../contracts/fields.ts'
import { storedType } from '../messaging/stored-document.ts'
import { BANK_OPERATIONS } from './bank.ts'

const paymentStatusSchema = z.enum([
  'pending',
  'authorized',
  'declined',
  'captured',
  'failed',
  'voided',
  'refunded',
])

const goalSchema = z.enum(['authorize', 'capture', 'return'])

/** How far the order wants the payment to go. Only moves to the right: once given back, it stays given back. */
export type Goal = z.infer<typeof goalSchema>

const refundSchema = z.object({
  refundId: z.string(),
  amountMinor: z.number(),
  reason: z.string().exactOptional(),
  requestedAt: instantField,
  state: z.enum(['pending', 'succeeded', 'failed']),
  /** The order service has taken note. */
  isNoted: z.boolean(),
})

export type Refund = z.infer<typeof refundSchema>

const stepSchema = z.object({
  operation: z.enum(BANK_OPERATIONS),
  refundId: z.string().exactOptional(),
  /** Counts the idempotency keys used for it: a bank may answer the same error for ever under the old one. */
  keyNumber: z.number(),
  keyUsedAt: instantField,
  /** When the bank was last asked. Its books are as old as that: what arrived later is not in them. */
  begunAt: instantField,
  /** The caller that began it has until then. After that any caller may begin it again, under the same key. */
  busyUntil: instantField,
  mustLookUp: z.boolean(),
  /** A call was made, and what came of it is not recorded. */
  isAsked: z.boolean(),
  /** When a call under the current key was last found to be without an answer: it may still be on its way. */
  unansweredAt: instantField.exactOptional(),
  faults: z.number(),
})

/** A call to the bank that was begun and whose outcome is not recorded yet: it may have happened. */
export type Step = z.infer<typeof stepSchema>

const refusalSchema = z.object({ code: z.string(), detail: z.string() })

export type Refusal = z.infer<typeof refusalSchema>

const paymentSchema = z.object({
  orderId: z.string(),
  /** What the order's client calls the order, where the client gave it an id. */
  externalId: z.string().exactOptional(),
  client: z.string().nullable(),
  currency: z.string(),
  amountMinor: z.number(),
  /** What is charged; kept until the bank has authorized or declined it. */
  token: z.string().exactOptional(),
  status: paymentStatusSchema,
  goal: goalSchema,
  capturedMinor: z.number(),
  refundedMinor: z.number(),
  authorizationId: z.string().exactOptional(),
  refusal: refusalSchema.exactOptional(),
  /** The bank refused for good what has to be done: a person has to look. */
  stuck: refusalSchema.exactOptional(),
  /** The last time that a person had it tried again. */
  redriveId: z.string().exactOptional(),
  /** The key number under which the bank refused to void: it may answer the same for ever under that one. */
  refusedKeyNumber: z.number().exactOptional(),
  refunds: z.array(refundSchema).readonly(),
  step: stepSchema.exactOptional(),
  /** Calls made to the bank. */
  attempts: z.number(),
  revision: z.number(),
  createdAt: instantField,
  changedAt: instantField,
  traceparent: z.string().exactOptional(),
})

/** The money of one order, as far as we know it. */
export type Payment = z.infer<typeof paymentSchema>

export const PAYMENT = storedType('payment', paymentSchema)

/** Only an authorization needs the token, and the bank is asked for one while the payment is pending. */
export const withoutUsedToken = (payment: Payment): Payment => {
  if (payment.status === 'pending' || payment.token === undefined) return payment
  const { token: _used, ...rest } = payment
  return rest
}

/** What was captured and is neither given back nor about to be. */
export const refundable = (payment: Payment): number =>
  payment.refunds
    .filter((refund) => refund.state !== 'failed')
    .reduce((left, refund) => left - refund.amountMinor, payment.capturedMinor)

export const pendingRefund = (payment: Payment): Refund | undefined =>
  payment.refunds.find((refund) => refund.state === 'pending')
