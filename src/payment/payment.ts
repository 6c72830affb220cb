import { z } from 'zod'
import { instantField } from '../contracts/fields.ts'
import type { Instant } from '../kernel/instant.ts'
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

/** How far the order wants the payment to go. It only moves to the right: what is returned stays returned. */
export type Goal = z.infer<typeof goalSchema>

const refundSchema = z.object({
  refundId: z.string(),
  amountMinor: z.number(),
  reason: z.string().exactOptional(),
  requestedAt: instantField,
  state: z.enum(['pending', 'succeeded', 'failed']),
  /** The order service has acknowledged it. The stored field has this name. */
  isNoted: z.boolean(),
})

export type Refund = z.infer<typeof refundSchema>

const stepSchema = z.object({
  operation: z.enum(BANK_OPERATIONS),
  refundId: z.string().exactOptional(),
  /** The number of the idempotency key. Under an old key a bank may return the same error for ever. */
  keyNumber: z.number(),
  keyUsedAt: instantField,
  /** When the bank was last asked. A look-up is as old as that: it misses later effects. */
  begunAt: instantField,
  /** The lease. Until then only the lease holder may call the bank; afterwards another Worker may, under the same key. */
  busyUntil: instantField,
  mustLookUp: z.boolean(),
  /** A call was made, and its result is not recorded. */
  isAsked: z.boolean(),
  /** When a call under the current key was last found without a response. It may still be on its way. */
  unansweredAt: instantField.exactOptional(),
  faults: z.number(),
})

/** A call to the bank that was begun and has no recorded result yet. It may have had its effect. */
export type Step = z.infer<typeof stepSchema>

const refusalSchema = z.object({ code: z.string(), detail: z.string() })

export type Refusal = z.infer<typeof refusalSchema>

const paymentSchema = z.object({
  orderId: z.string(),
  /** The id that the client gave the order, where it did. */
  externalId: z.string().exactOptional(),
  client: z.string().nullable(),
  currency: z.string(),
  amountMinor: z.number(),
  /** The payment token. Erased once the bank has authorized or declined it. */
  token: z.string().exactOptional(),
  status: paymentStatusSchema,
  goal: goalSchema,
  capturedMinor: z.number(),
  refundedMinor: z.number(),
  /** The bank's id of the authorization. Known before the authorization where the bank makes an intent for it first. */
  authorizationId: z.string().exactOptional(),
  refusal: refusalSchema.exactOptional(),
  /** The bank's final refusal of a step that has to be made. A person has to act. */
  stuck: refusalSchema.exactOptional(),
  /** The id of the last redrive by a person. */
  redriveId: z.string().exactOptional(),
  /** The key number under which the bank refused the void. Under that key it may refuse for ever. */
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

/** The money of one order, as far as the payment service knows it. */
export type Payment = z.infer<typeof paymentSchema>

export const PAYMENT = storedType('payment', paymentSchema)

/** The payment without its token, once it is no longer pending: only an authorization needs the token. */
export const withoutUsedToken = (payment: Payment): Payment => {
  if (payment.status === 'pending' || payment.token === undefined) return payment
  const { token: _used, ...rest } = payment
  return rest
}

/** The captured amount that is neither refunded nor about to be. */
export const refundable = (payment: Payment): number =>
  payment.refunds
    .filter((refund) => refund.state !== 'failed')
    .reduce((left, refund) => left - refund.amountMinor, payment.capturedMinor)

export const pendingRefund = (payment: Payment): Refund | undefined =>
  payment.refunds.find((refund) => refund.state === 'pending')

/** The payment with its next revision, so that the list takes the change over. */
export const changed = (payment: Payment, now: Instant): Payment => ({
  ...withoutUsedToken(payment),
  revision: payment.revision + 1,
  changedAt: now,
})
