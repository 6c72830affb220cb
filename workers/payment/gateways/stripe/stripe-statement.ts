import { within } from '../../../../src/cloudflare/within.ts'
import { fromStripeAmount } from '../../../../src/contracts/stripe-amounts.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import { BANK_TIMEOUT_MS } from '../../../../src/payment/bank.ts'
import type { BankPayment, BankStatement } from '../../../../src/payment/reconciliation.ts'
import { type ListedIntent, listedIntentSchema } from '../../../../src/payment/stripe/objects.ts'
import { METADATA } from '../../../../src/payment/stripe/records.ts'
import type { StripeClient } from './stripe-bank.ts'

const PAGE = 100

/** Stripe's list of PaymentIntents, newest first. Those of other programs on the same account are in it too. */
export const createStripeStatement =
  (client: () => Promise<StripeClient>): BankStatement =>
  async ({ from, to }, after) => {
    try {
      const { paymentIntents } = await client()
      const listed = paymentIntents.list({
        created: { gte: Math.ceil(from / SECOND_MS), lt: Math.ceil(to / SECOND_MS) },
        ...{ limit: PAGE, expand: ['data.latest_charge'] },
        ...(after !== undefined && { starting_after: after }),
      })
      const page = await within(BANK_TIMEOUT_MS, "Stripe's list of payments", listed)
      const intents = page.data.map((each) => listedIntentSchema.parse(each))
      const last = intents.at(-1)
      return {
        kind: 'found',
        payments: intents.map(toBankPayment),
        ...(page.has_more && last !== undefined && { next: last.id }),
      }
    } catch (error) {
      return { kind: 'unknown', detail: `Stripe: ${error instanceof Error ? error.message : String(error)}` }
    }
  }

const toBankPayment = (intent: ListedIntent): BankPayment => {
  const currency = intent.currency.toUpperCase()
  const inMinor = (amount: number) => fromStripeAmount(amount, currency)
  const { latest_charge: charge } = intent
  const refunded = charge == null || typeof charge === 'string' ? 0 : (charge.amount_refunded ?? 0)
  const orderId = intent.metadata[METADATA.orderId]
  return {
    ...{ reference: intent.id, currency, at: intent.created * SECOND_MS },
    ...(orderId !== undefined && { orderId }),
    balance: {
      heldMinor: intent.status === 'requires_capture' ? inMinor(intent.amount) : 0,
      capturedMinor: intent.status === 'succeeded' ? inMinor(intent.amount_received ?? 0) : 0,
      refundedMinor: intent.status === 'succeeded' ? inMinor(refunded) : 0,
    },
  }
}
