import type { Instant } from '../kernel/instant.ts'
import type { BankOperation } from './bank.ts'

export type PaymentStatus =
  | 'pending'
  | 'authorized'
  | 'declined'
  | 'captured'
  | 'failed'
  | 'voided'
  | 'refunded'

/** How far the order wants the payment to go. Only moves to the right: once given back, it stays given back. */
export type Goal = 'authorize' | 'capture' | 'return'

export type Refund = {
  refundId: string
  amountMinor: number
  reason?: string
  requestedAt: Instant
  state: 'pending' | 'succeeded' | 'failed'
  /** The order service has taken note. */
  isNoted: boolean
}

/** A call to the bank that was begun and whose outcome is not recorded yet: it may have happened. */
export type Step = {
  operation: BankOperation
  refundId?: string
  /** Counts the idempotency keys used for it: a bank may answer the same error for ever under the old one. */
  keyNumber: number
  keyUsedAt: Instant
  /** When the bank was last asked. Its books are as old as that: what arrived later is not in them. */
  begunAt: Instant
  /** Whoever began it has until then; after that anybody may begin it again, under the same key. */
  busyUntil: Instant
  mustLookUp: boolean
  /** A call was made, and what came of it is not recorded. */
  isAsked: boolean
  /** When a call under the current key was last found to be without an answer: it may still be on its way. */
  unansweredAt?: Instant
  faults: number
}

export type Refusal = { code: string; detail: string }

/** The money of one order, as far as we know it. */
export type Payment = {
  orderId: string
  /** What the order's client calls the order, where the client gave it an id. */
  externalId?: string
  client: string | null
  currency: string
  amountMinor: number
  /** What is charged; kept until the bank has authorized or declined it. */
  token?: string
  status: PaymentStatus
  goal: Goal
  capturedMinor: number
  refundedMinor: number
  authorizationId?: string
  refusal?: Refusal
  /** The bank refused for good what has to be done: a person has to look. */
  stuck?: Refusal
  /** The last time that a person had it tried again. */
  redriveId?: string
  /** The key number under which the bank refused to void: it may answer the same for ever under that one. */
  refusedKeyNumber?: number
  refunds: readonly Refund[]
  step?: Step
  /** Calls made to the bank. */
  attempts: number
  revision: number
  createdAt: Instant
  changedAt: Instant
  traceparent?: string
}

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
