import { assertNever } from '../../kernel/assert.ts'
import type { BankCall, BankResult } from '../bank.ts'
import { declineOf, refusalOf } from './decline-codes.ts'
import type { Intent, StripeFault, StripeRefund } from './objects.ts'

/** A call, with its amount in Stripe's unit. */
export type StripeCall = BankCall & { amount: number }

/** Where an authorization stands, from its intent after the confirmation. */
export const resultOfConfirmation = (intent: Intent): BankResult => {
  switch (intent.status) {
    case 'requires_capture':
    case 'succeeded':
      return { kind: 'succeeded', reference: intent.id }
    case 'processing':
      return { kind: 'unknown', detail: 'Stripe is still processing the payment.' }
    case 'canceled':
      return canceled(intent)
    case 'requires_action':
    case 'requires_payment_method':
      return { kind: 'declined', ...declineOf([intent.last_payment_error?.code]) }
    case 'requires_confirmation':
      return { kind: 'error', detail: 'Stripe did not confirm the intent.' }
    default:
      return assertNever(intent.status)
  }
}

/** A refund that is pending has left our account: `refund.failed` says later where it came back. */
export const resultOfRefund = (refund: StripeRefund): BankResult =>
  refund.status === 'failed' || refund.status === 'canceled'
    ? { kind: 'declined', ...refusalOf([refund.failure_reason, 'refund_failed']) }
    : { kind: 'succeeded', reference: refund.id }

/**
 * What an error of Stripe means for a call.
 * - Without a response the effect is unknown.
 * - 401, 403, 409 and 429: Stripe has not begun, and stored nothing under the key. The same call comes again.
 * - A fault of Stripe (5xx) stays under the key for a day, and may hide an effect: the intent is looked up first.
 * - 402, and a 400 about the call itself, is a decision.
 * - An intent that is in another state than the call wants says what became of an earlier call.
 */
export const resultOfFault = (fault: StripeFault, call: StripeCall): BankResult => {
  const { statusCode: status } = fault
  const detail = `Stripe: ${fault.code ?? fault.rawType ?? status ?? fault.message}`
  if (status === undefined || [401, 403, 409, 429].includes(status)) return { kind: 'unknown', detail }
  if (status >= 500 || fault.rawType === 'idempotency_error') return faultOf(call, detail)
  if (status === 402) return { kind: 'declined', ...declineOf([fault.decline_code, fault.code]) }
  if (fault.code === 'payment_intent_unexpected_state') return resultOfState(fault, call)
  if (fault.code === 'resource_missing') return resultOfMissing(fault, call)
  return { kind: 'declined', ...refusalOf([fault.code]) }
}

/**
 * A second refund under another key is a second refund, so a look-up has to be sure that the first was not made. All other
 * operations happen once to an intent, whatever their keys.
 */
const faultOf = ({ operation }: BankCall, detail: string): BankResult =>
  operation === 'refund' ? { kind: 'error', detail, mayShowLate: true } : { kind: 'error', detail }

/** Another Stripe account knows none of our intents. That is no decision about the payment: the key has to be put right. */
const resultOfMissing = ({ param }: StripeFault, { operation }: BankCall): BankResult =>
  operation === 'authorize' && param === 'payment_method'
    ? { kind: 'declined', code: 'resource_missing', detail: 'The bank knows no such payment method.' }
    : {
        kind: 'error',
        detail: 'Stripe does not know the intent: does STRIPE_SECRET_KEY belong to another account?',
      }

/**
 * An intent is authorized, captured and canceled at most once, so a call under a new key meets the effect of an earlier
 * one here, even where a look-up missed it.
 */
const resultOfState = ({ payment_intent: intent }: StripeFault, call: StripeCall): BankResult => {
  if (intent === undefined) return { kind: 'error', detail: 'Stripe: the intent is in another state.' }
  if (intent.status === 'processing') return { kind: 'unknown', detail: 'Stripe is still processing.' }
  const done: BankResult = { kind: 'succeeded', reference: intent.id }
  switch (call.operation) {
    case 'authorize':
      return resultOfConfirmation(intent)
    case 'capture':
      if (intent.status === 'canceled') return canceled(intent)
      return intent.status === 'succeeded' && intent.amount_received === call.amount
        ? done
        : inOtherState(intent)
    case 'void':
      return intent.status === 'canceled' ? done : inOtherState(intent)
    case 'refund':
      return inOtherState(intent)
    default:
      return assertNever(call.operation)
  }
}

const canceled = ({ cancellation_reason: reason }: Intent): BankResult =>
  reason === 'automatic'
    ? { kind: 'declined', ...refusalOf(['charge_expired_for_capture']) }
    : {
        kind: 'declined',
        code: 'authorization_canceled',
        detail: 'The authorization was canceled at Stripe.',
      }

const inOtherState = ({ status }: Intent): BankResult => ({
  kind: 'declined',
  code: 'invalid_state',
  detail: `The intent is ${status} at Stripe.`,
})
