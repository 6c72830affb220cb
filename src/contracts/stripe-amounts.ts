import { CURRENCY_DECIMALS } from '../kernel/currencies.ts'
import { formatMinor } from '../kernel/money.ts'
import { type Result, refusal, success } from '../kernel/result.ts'

/**
 * Stripe's units and limits, after docs.stripe.com/currencies. On 2026-11-28 the units were compared with stored copies of
 * that page, and the currencies with the list of Stripe's partner WooPayments. The least amounts were not compared in
 * full. Stripe itself refuses what it does not take, and such an order is declined. Most currencies have Stripe's unit as their minor unit of ISO 4217. These differ:
 * - ISK and UGX have no decimals, and Stripe takes them in hundredths: 5 ISK are 500.
 * - MGA has two decimals in ISO 4217 and none at Stripe: 5 MGA are 5.
 * - Currencies with three decimals are in thousandths, whose last digit has to be 0.
 * HUF and TWD have no decimals in Stripe's payouts only: they are charged in hundredths.
 */
const IN_HUNDREDTHS_AT_STRIPE: ReadonlySet<string> = new Set(['ISK', 'UGX'])
const WHOLE_AT_STRIPE: ReadonlySet<string> = new Set(['MGA'])

/** Active currencies in which Stripe takes no cards. STN is one: Stripe knows only its predecessor, STD. */
const NOT_AT_STRIPE: ReadonlySet<string> = new Set(
  'BTN CLF CUP ERN GHS IQD IRR KPW LYD MRU SDG SSP STN SVC SYP TMT UYI UYW VED VES ZWG'.split(' '),
)

/** Stripe takes eight digits of its unit. */
const AMOUNT_MAX = 99_999_999

/** The least amounts that Stripe charges, in its unit. A currency that is not listed has a converted one, which Stripe alone knows. */
const AMOUNT_MIN: Readonly<Record<string, number>> = {
  ...{ AED: 200, AUD: 50, BRL: 50, CAD: 50, CHF: 50, CZK: 1_500, DKK: 250, EUR: 50, GBP: 30, HKD: 400 },
  ...{ HUF: 17_500, INR: 50, JPY: 50, MXN: 1_000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200 },
  ...{ SEK: 300, SGD: 50, THB: 1_000, USD: 50 },
}

/** An amount in minor units → in Stripe's unit. Refused where Stripe has no such amount. */
export const toStripeAmount = (amountMinor: number, currency: string): Result<number, string> => {
  if (NOT_AT_STRIPE.has(currency)) return refusal(`Stripe charges no cards in ${currency}.`)
  if (IN_HUNDREDTHS_AT_STRIPE.has(currency)) return success(amountMinor * 100)
  const step = stepOf(currency)
  if (amountMinor % step !== 0) {
    const smallest = formatMinor(step, currency)
    return refusal(
      `Stripe charges ${currency} in steps of ${smallest}: ${formatMinor(amountMinor, currency)} is between two.`,
    )
  }
  return success(WHOLE_AT_STRIPE.has(currency) ? amountMinor / 100 : amountMinor)
}

/** An amount in Stripe's unit → in minor units. */
export const fromStripeAmount = (amount: number, currency: string): number => {
  if (IN_HUNDREDTHS_AT_STRIPE.has(currency)) return Math.floor(amount / 100)
  return WHOLE_AT_STRIPE.has(currency) ? amount * 100 : amount
}

/** Why Stripe cannot charge this amount. Undefined where it can, as far as its documentation says. */
export const objectionOfStripe = (amountMinor: number, currency: string): string | undefined => {
  const amount = toStripeAmount(amountMinor, currency)
  if (!amount.ok) return amount.reason
  const inMinor = (limit: number) => `${formatMinor(fromStripeAmount(limit, currency), currency)} ${currency}`
  if (amount.value > AMOUNT_MAX) return `Stripe charges at most ${inMinor(AMOUNT_MAX)}.`
  const least = AMOUNT_MIN[currency] ?? 1
  return amount.value < least ? `Stripe charges at least ${inMinor(least)}.` : undefined
}

/** The smallest step between two amounts that Stripe charges, in minor units. */
const stepOf = (currency: string): number => {
  if (WHOLE_AT_STRIPE.has(currency)) return 100
  return CURRENCY_DECIMALS.get(currency) === 3 ? 10 : 1
}
