import type { Instant } from '../kernel/instant.ts'
import type { BankQuestion, BankRecord } from './bank.ts'
import { changed, type Payment, type Refund, type Refusal } from './payment.ts'
import { stepKeyPrefix } from './step-keys.ts'
import { recordDone } from './steps.ts'

/**
 * What an event of the bank is taken for: a hint that its books about an order have changed. The event itself decides
 * nothing, because it may come late, early, twice, or contradict another one.
 */
export type BankNews = { eventId: string; orderId: string }

/** `ask`: the partition does not have the event yet. */
export type NewsQuestion =
  | { kind: 'ask'; question: BankQuestion }
  | { kind: 'duplicate' }
  | { kind: 'unknown' }

const LAPSED: Refusal = {
  code: 'authorization_expired',
  detail: 'The bank gave the authorization up before it was captured.',
}

const REFUND_FAILED = 'refund_failed'

/** The payment after the bank's books were read because of its news. Unchanged where they say what the payment says. */
export const whenNews = (payment: Payment, records: readonly BankRecord[], now: Instant): Payment => {
  if (payment.step !== undefined) return recordDone(payment, records, now)
  const lapsed = payment.status === 'authorized' && payment.refusal === undefined && isGivenUp(records)
  if (lapsed) return changed({ ...payment, refusal: LAPSED }, now)
  return withRefundState(payment, records, now)
}

const isGivenUp = (records: readonly BankRecord[]): boolean =>
  records.some(({ operation, outcome }) => operation === 'void' && outcome === 'succeeded')

/** A refund may fail days after the bank took it. Its money is back with the bank then, and a person has to look. */
const withRefundState = (payment: Payment, records: readonly BankRecord[], now: Instant): Payment => {
  const kept = records
    .filter(({ operation, outcome }) => operation === 'refund' && outcome === 'succeeded')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const isMissing = kept < payment.refundedMinor
  const isLost = isMissing && payment.refunds.some((refund) => hasFailed(refund, payment, records))
  if (isLost && payment.stuck === undefined) return changed({ ...payment, stuck: refundFailed }, now)
  if (isMissing || payment.stuck?.code !== REFUND_FAILED) return payment
  const { stuck: _mended, ...rest } = payment
  return changed(rest, now)
}

/** The books show that it failed. Books that lag do not show a new refund at all, which says nothing about it. */
const hasFailed = (
  { refundId, state }: Refund,
  { orderId }: Payment,
  records: readonly BankRecord[],
): boolean => {
  const keys = stepKeyPrefix(orderId, { operation: 'refund', refundId })
  const own = records.filter(({ idempotencyKey }) => idempotencyKey.startsWith(keys))
  return state === 'succeeded' && own.length > 0 && own.every(({ outcome }) => outcome !== 'succeeded')
}

const refundFailed: Refusal = {
  code: REFUND_FAILED,
  detail:
    'A refund failed at the bank after it was taken. The customer does not have the money: refund it another way.',
}
