import { z } from 'zod'

const SET_SECRET =
  'set it with `npx wrangler secret put STRIPE_SECRET_KEY -c workers/payment/wrangler.toml`, or locally in workers/payment/.dev.vars'

const TEST_KEY = /^[rs]k_test_/

/** A restricted key (`rk_`) that may write PaymentIntents and refunds is enough. */
const KEY = /^[rs]k_(?:test|live)_\w+$/

export type StripeSettings = {
  secretKey: string
  /** Secrets of the webhook's signatures: the newest, and the one before it until it expires. */
  webhookSecrets: readonly string[]
  isTestMode: boolean
  /** Where a mock listens. Only in development. */
  apiBase: URL | undefined
}

/** The variables of `PAYMENT_GATEWAY=stripe`. */
export const stripeFields = {
  STRIPE_SECRET_KEY: z.string().default(''),
  STRIPE_WEBHOOK_SECRET: z.string().default(''),
  STRIPE_TEST_MODE: z.enum(['true', 'false']).default('false'),
  STRIPE_API_BASE: z.string().default(''),
}

type StripeFields = { [Name in keyof typeof stripeFields]: z.infer<(typeof stripeFields)[Name]> } & {
  /** `true` in development alone: `npm run deploy` refuses it. */
  DEMO_CATALOGUE: 'true' | 'false'
}

/** What is wrong with the variables of Stripe. */
export const faultsOfStripe = (fields: StripeFields): string[] => [
  ...faultsOfKey(fields),
  ...faultsOfAddress(fields),
]

const faultsOfKey = ({
  STRIPE_SECRET_KEY: key,
  STRIPE_TEST_MODE,
  DEMO_CATALOGUE,
}: StripeFields): string[] => {
  if (key === '') return [`STRIPE_SECRET_KEY is missing: ${SET_SECRET}`]
  if (!KEY.test(key)) {
    return [
      'STRIPE_SECRET_KEY is no secret key of Stripe: it begins with sk_live_, rk_live_, sk_test_ or rk_test_',
    ]
  }
  const isAllowed = !TEST_KEY.test(key) || STRIPE_TEST_MODE === 'true' || DEMO_CATALOGUE === 'true'
  if (isAllowed) return []
  return [
    'STRIPE_SECRET_KEY is a test-mode key, which charges no card. In a deployment for tests set STRIPE_TEST_MODE=true, and otherwise a live key',
  ]
}

const faultsOfAddress = ({ STRIPE_API_BASE, DEMO_CATALOGUE }: StripeFields): string[] => {
  if (STRIPE_API_BASE === '') return []
  if (DEMO_CATALOGUE !== 'true') {
    return ['STRIPE_API_BASE leads to a mock, so it is only for development. Remove it']
  }
  return URL.canParse(STRIPE_API_BASE)
    ? []
    : ['STRIPE_API_BASE must be an address such as http://localhost:12111']
}

export const stripeSettings = (fields: StripeFields): StripeSettings => ({
  secretKey: fields.STRIPE_SECRET_KEY,
  webhookSecrets: fields.STRIPE_WEBHOOK_SECRET.split(',').flatMap((secret) => secret.trim() || []),
  isTestMode: TEST_KEY.test(fields.STRIPE_SECRET_KEY),
  apiBase: fields.STRIPE_API_BASE === '' ? undefined : new URL(fields.STRIPE_API_BASE),
})
