import type { z } from 'zod'
import { stripeEventSchema } from '../../../../src/contracts/http/gateways.ts'
import type { Instant } from '../../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../../src/kernel/result.ts'
import { METADATA } from '../../../../src/payment/stripe/records.ts'
import type { StripeSettings } from './stripe-settings.ts'

type StripeEvent = z.infer<typeof stripeEventSchema>

/** What Stripe posted: the body byte for byte, and the header that signs it. */
export type SignedBody = { body: Uint8Array; signature: string }

/** A signature is as old as the attempt. Stripe signs each attempt anew, so an older one is a replay. */
const TOLERANCE_SECONDS = 300

type Refused = 'invalid_signature' | 'validation_failed'

/** The event, if one of the secrets has signed it. While a secret is replaced, Stripe signs with the old and the new one. */
export const readStripeEvent = async (
  signed: SignedBody,
  { secretKey, webhookSecrets }: Pick<StripeSettings, 'secretKey' | 'webhookSecrets'>,
  now: Instant,
): Promise<Result<StripeEvent, Refused>> => {
  const { default: Stripe } = await import('stripe')
  const { webhooks } = new Stripe(secretKey, { httpClient: Stripe.createFetchHttpClient(fetch) })
  const provider = Stripe.createSubtleCryptoProvider()
  for (const secret of webhookSecrets) {
    const { body, signature } = signed
    const event = await webhooks
      .constructEventAsync(body, signature, secret, TOLERANCE_SECONDS, provider, now)
      .catch((error: unknown) =>
        error instanceof Stripe.errors.StripeSignatureVerificationError ? undefined : error,
      )
    if (event === undefined) continue
    const parsed = stripeEventSchema.safeParse(event)
    return parsed.success ? success(parsed.data) : refusal('validation_failed')
  }
  return refusal('invalid_signature')
}

/** The order that an event is about. Undefined for an event about something else, and for one of the other mode. */
export const orderOf = (
  event: StripeEvent,
  { isTestMode }: Pick<StripeSettings, 'isTestMode'>,
): string | undefined =>
  event.livemode === isTestMode ? undefined : event.data.object.metadata?.[METADATA.orderId]
