import type { Gateway } from '../contracts/gateways.ts'
import { objectionOfStripe } from '../contracts/stripe-amounts.ts'
import { assertNever } from '../kernel/assert.ts'
import { type Result, refusal } from '../kernel/result.ts'
import type { Priced, PricingRefusal } from './pricing.ts'

const NEEDS_PAYMENT =
  'The bank of this system charges real cards, so an order names one: add "payment": { "token": "pm_…" }. The plain event of version 1 cannot name one.'

/** The priced order, if the bank can charge it. The simulated bank charges every order, also one without a payment. */
export const chargeable = (
  gateway: Gateway,
  priced: Result<Priced, PricingRefusal>,
  paymentToken: string | undefined,
): Result<Priced, PricingRefusal> => {
  if (!priced.ok) return priced
  switch (gateway) {
    case 'simulator':
      return priced
    case 'stripe': {
      if (paymentToken === undefined) return refusal({ code: 'payment_required', detail: NEEDS_PAYMENT })
      const objection = objectionOfStripe(priced.value.totalMinor, priced.value.currency)
      return objection === undefined ? priced : refusal({ code: 'amount_not_chargeable', detail: objection })
    }
    default:
      return assertNever(gateway)
  }
}
