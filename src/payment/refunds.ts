import type { Instant } from '../kernel/instant.ts'
import { formatMinor, hasDecimalsOf, toMinor } from '../kernel/money.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import { type Payment, type Refund, refundable } from './payment.ts'

/**
 * A payment is one row, and a row has at most two megabytes. A refund takes up to three kilobytes of it: 500 characters
 * of reason that JSON has to escape. The refund of a cancellation comes on top.
 */
export const REFUNDS_MAX = 100

/** A refund that a caller wants. The amount is in the currency's major unit; without it, all that is left. */
export type WantedRefund = { refundId: string; amount: number | undefined; reason: string | undefined }

export type RefundRefusal = {
  code: 'invalid_amount' | 'refund_exceeds_captured' | 'refund_limit_reached'
  detail: string
}

/** Why the bank has no such amount, as the end of a sentence about it. */
export type RefundObjection = (amountMinor: number, currency: string) => string | undefined

const noObjection: RefundObjection = () => undefined

/** The refund to store, or why it is refused. */
export const refundFor = (
  payment: Payment,
  { refundId, amount, reason }: WantedRefund,
  now: Instant,
  objectionTo: RefundObjection = noObjection,
): Result<Refund, RefundRefusal> => {
  const { currency } = payment
  if (amount !== undefined && !hasDecimalsOf(amount, currency)) {
    return refusal({ code: 'invalid_amount', detail: `must have no more decimals than ${currency} has` })
  }
  const left = refundable(payment)
  const amountMinor = amount === undefined ? left : toMinor(amount, currency)
  if (amountMinor === undefined || amountMinor > left || left === 0) return refusal(exceeds(payment, left))
  const objection = objectionTo(amountMinor, currency)
  if (objection !== undefined) return refusal({ code: 'invalid_amount', detail: objection })
  if (payment.refunds.length >= REFUNDS_MAX) {
    const detail = `There are ${payment.refunds.length} refunds already. Cancel the order to give back the rest at once.`
    return refusal({ code: 'refund_limit_reached', detail })
  }
  const why = reason === undefined ? {} : { reason }
  return success({ refundId, amountMinor, ...why, requestedAt: now, state: 'pending', isNoted: false })
}

const exceeds = ({ goal, currency }: Payment, leftMinor: number): RefundRefusal => ({
  code: 'refund_exceeds_captured',
  detail:
    goal === 'return'
      ? 'The order was cancelled: all of it is given back already.'
      : `${formatMinor(leftMinor, currency)} ${currency} is left to refund.`,
})
