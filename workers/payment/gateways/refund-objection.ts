import { toStripeAmount } from '../../../src/contracts/stripe-amounts.ts'
import type { RefundObjection } from '../../../src/payment/refunds.ts'

/** For the constructor of a Durable Object: the amounts that the bank of this deployment cannot refund. */
export const refundObjectionOf = (env: unknown): RefundObjection | undefined =>
  gatewayNameOf(env) === 'stripe' ? objectionOfStripe : undefined

const objectionOfStripe: RefundObjection = (amountMinor, currency) => {
  const amount = toStripeAmount(amountMinor, currency)
  return amount.ok ? undefined : `must be an amount that the bank has. ${amount.reason}`
}

/** The value of `PAYMENT_GATEWAY` as it is set. A wrong one is refused with the other settings. */
export const gatewayNameOf = (env: unknown): string =>
  String((env as { PAYMENT_GATEWAY?: unknown }).PAYMENT_GATEWAY)
