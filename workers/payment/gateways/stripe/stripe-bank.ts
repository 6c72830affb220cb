import type { Stripe } from 'stripe'
import { within } from '../../../../src/cloudflare/within.ts'
import { toStripeAmount } from '../../../../src/contracts/stripe-amounts.ts'
import { assertNever } from '../../../../src/kernel/assert.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import type { Log } from '../../../../src/messaging/partition.ts'
import {
  BANK_TIMEOUT_MS,
  type Bank,
  type BankCall,
  type BankLookup,
  type BankQuestion,
  type BankResult,
} from '../../../../src/payment/bank.ts'
import { REFUNDS_MAX } from '../../../../src/payment/refunds.ts'
import { AUTHENTICATION_REQUIRED } from '../../../../src/payment/stripe/decline-codes.ts'
import { intentSchema, refundSchema, stripeErrorSchema } from '../../../../src/payment/stripe/objects.ts'
import { METADATA, recordsOf } from '../../../../src/payment/stripe/records.ts'
import {
  resultOfConfirmation,
  resultOfFault,
  resultOfRefund,
  type StripeCall,
} from '../../../../src/payment/stripe/results.ts'

/** The calls of the `stripe` package that are made here. */
export type StripeClient = Pick<Stripe, 'paymentIntents' | 'refunds'>

type Ports = {
  /** The package is large: it is loaded with the first call. */
  client(): Promise<StripeClient>
  log: Log
}

/** After a confirmation of five seconds, both fit into the lease of a step. */
const CANCEL_TIMEOUT_MS = 3 * SECOND_MS

/** A page has all refunds of a payment: callers' and those of its cancellation. */
const PAGE = 100
const PAGES_MAX = Math.ceil(REFUNDS_MAX / PAGE) + 1

/**
 * Stripe as a bank. Each payment is one PaymentIntent with manual capture: it is made without a card, its id is stored,
 * and then it is confirmed. So it is always found by its id.
 */
export const createStripeBank = ({ client, log }: Ports): Bank => ({
  perform: async (call) => {
    const amount = toStripeAmount(call.amountMinor, call.currency)
    if (!amount.ok) return { kind: 'declined', code: 'amount_not_chargeable', detail: amount.reason }
    const stripeCall = { ...call, amount: amount.value }
    try {
      return await perform(await client(), stripeCall)
    } catch (error) {
      return resultOfError(error, stripeCall, log)
    }
  },
  lookUp: async (question) => {
    try {
      return await within(BANK_TIMEOUT_MS, 'the look-up at Stripe', lookUp(client, question))
    } catch (error) {
      return { kind: 'unknown', detail: `Stripe: ${messageOf(error)}` }
    }
  },
})

const perform = async (stripe: StripeClient, call: StripeCall): Promise<BankResult> => {
  switch (call.operation) {
    case 'authorize':
      return call.authorizationId === undefined
        ? await openIntent(stripe, call)
        : await confirm(stripe, call, call.authorizationId)
    case 'capture':
      return await capture(stripe, call)
    case 'void':
      return await cancel(stripe, call)
    case 'refund':
      return await refund(stripe, call)
    default:
      return assertNever(call.operation)
  }
}

/** Stripe ties a key to one call, so the intent has a key beside the one of its confirmation. */
const openIntent = async (stripe: StripeClient, call: StripeCall): Promise<BankResult> => {
  const made = await stripe.paymentIntents.create(
    {
      amount: call.amount,
      currency: call.currency.toLowerCase(),
      capture_method: 'manual',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { [METADATA.orderId]: call.orderId, [METADATA.authorizeKey]: call.idempotencyKey },
    },
    { idempotencyKey: `${call.idempotencyKey}/intent` },
  )
  return { kind: 'opened', reference: intentSchema.parse(made).id }
}

const confirm = async (stripe: StripeClient, call: StripeCall, intentId: string): Promise<BankResult> => {
  try {
    const confirmed = await stripe.paymentIntents.confirm(
      intentId,
      { payment_method: call.token ?? '', error_on_requires_action: true, expand: ['latest_charge'] },
      { idempotencyKey: call.idempotencyKey },
    )
    const intent = intentSchema.parse(confirmed)
    if (intent.status !== 'requires_action') return resultOfConfirmation(intent)
  } catch (error) {
    if (!needsCustomer(error)) throw error
  }
  return await giveUp(stripe, call, intentId)
}

/** Stripe refuses to wait for the customer, as the call demands. */
const needsCustomer = (error: unknown): boolean => {
  const fault = stripeErrorSchema.safeParse(error)
  return fault.success && [fault.data.code, fault.data.decline_code].includes('authentication_required')
}

/** Nothing waits for the customer's confirmation. A canceled intent cannot be confirmed later behind our back. */
const giveUp = async (stripe: StripeClient, call: StripeCall, intentId: string): Promise<BankResult> => {
  const options = { idempotencyKey: `${call.idempotencyKey}/cancel`, timeout: CANCEL_TIMEOUT_MS }
  try {
    await stripe.paymentIntents.cancel(intentId, {}, options)
  } catch (error) {
    if (isRefusal(error, call)) return { kind: 'error', detail: 'Stripe did not cancel the intent.' }
    throw error
  }
  return { kind: 'declined', ...AUTHENTICATION_REQUIRED }
}

/** An intent that stays open may be confirmed later. So a refused cancel is no decision about the authorization. */
const isRefusal = (error: unknown, call: StripeCall): boolean => {
  const fault = stripeErrorSchema.safeParse(error)
  if (!fault.success || fault.data.code === 'payment_intent_unexpected_state') return false
  return resultOfFault(fault.data, call).kind === 'declined'
}

const capture = async (stripe: StripeClient, call: StripeCall): Promise<BankResult> => {
  const captured = await stripe.paymentIntents.capture(
    call.authorizationId ?? '',
    { amount_to_capture: call.amount, metadata: { [METADATA.captureKey]: call.idempotencyKey } },
    { idempotencyKey: call.idempotencyKey },
  )
  return { kind: 'succeeded', reference: intentSchema.parse(captured).id }
}

const cancel = async (stripe: StripeClient, call: StripeCall): Promise<BankResult> => {
  const canceled = await stripe.paymentIntents.cancel(
    call.authorizationId ?? '',
    {},
    { idempotencyKey: call.idempotencyKey },
  )
  return { kind: 'succeeded', reference: intentSchema.parse(canceled).id }
}

const refund = async (stripe: StripeClient, call: StripeCall): Promise<BankResult> => {
  const made = await stripe.refunds.create(
    {
      payment_intent: call.authorizationId ?? '',
      amount: call.amount,
      metadata: { [METADATA.orderId]: call.orderId, [METADATA.refundKey]: call.idempotencyKey },
    },
    { idempotencyKey: call.idempotencyKey },
  )
  return resultOfRefund(refundSchema.parse(made))
}

/** An intent that was never stored is unconfirmed, and holds no money: Stripe has done nothing for the order. */
const lookUp = async (client: Ports['client'], question: BankQuestion): Promise<BankLookup> => {
  const { authorizationId: intentId } = question
  if (intentId === undefined) return { kind: 'found', records: [] }
  const stripe = await client()
  const [found, refunds] = await Promise.all([
    stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] }),
    refundsOf(stripe, intentId),
  ])
  const intent = intentSchema.parse(found)
  if (intent.status === 'processing') return { kind: 'unknown', detail: 'Stripe is still processing.' }
  return { kind: 'found', records: recordsOf(question, intent, refunds) }
}

const refundsOf = async (stripe: StripeClient, intentId: string) => {
  const pages = stripe.refunds.list({ payment_intent: intentId, limit: PAGE })
  const refunds = await pages.autoPagingToArray({ limit: PAGE * PAGES_MAX })
  return refunds.map((each) => refundSchema.parse(each))
}

/** What the package throws: an error of Stripe, or none at all where our own code is wrong about a response. */
const resultOfError = (error: unknown, call: BankCall & StripeCall, log: Log): BankResult => {
  const { operation, orderId, idempotencyKey } = call
  const fault = stripeErrorSchema.safeParse(error)
  if (!fault.success) return { kind: 'unknown', detail: `Stripe: ${messageOf(error)}` }
  const result = resultOfFault(fault.data, call)
  const { code, statusCode, requestId, message } = fault.data
  const about = { operation, orderId, idempotencyKey, result: result.kind }
  log('warn', 'Stripe did not carry out a call', {
    ...about,
    code,
    status: statusCode,
    requestId,
    error: message,
  })
  return result
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
