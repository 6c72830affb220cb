import { BANK_TIMEOUT_MS } from '../../../../src/payment/bank.ts'
import type { StripeClient } from './stripe-bank.ts'
import type { StripeSettings } from './stripe-settings.ts'

/**
 * The `stripe` package over `fetch`. It repeats nothing by itself: the payment's steps say when a call comes again, and
 * under which key.
 */
export const createStripeClient = async (
  { secretKey, apiBase }: Pick<StripeSettings, 'secretKey' | 'apiBase'>,
  fetchFn: typeof fetch = (input, init) => fetch(input, init),
): Promise<StripeClient> => {
  const { default: Stripe } = await import('stripe')
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(fetchFn),
    // The package has types of its newest version alone. What is read is parsed, and the tests check every call.
    apiVersion: API_VERSION as never,
    maxNetworkRetries: 0,
    timeout: BANK_TIMEOUT_MS,
    telemetry: false,
    ...addressOf(apiBase),
  })
}

/** Every call names it, so an upgrade of the account or of the package changes no call. The tests check calls against its description. */
const API_VERSION = '2024-04-10'

/** Where a mock listens instead of Stripe. */
const addressOf = (apiBase: URL | undefined) =>
  apiBase === undefined
    ? {}
    : {
        protocol: apiBase.protocol === 'http:' ? ('http' as const) : ('https' as const),
        host: apiBase.hostname,
        port: apiBase.port || (apiBase.protocol === 'http:' ? '80' : '443'),
      }
