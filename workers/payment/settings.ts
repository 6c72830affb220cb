import { z } from 'zod'
import { keysAnHourMaxSetting } from '../../src/cloudflare/key-settings.ts'
import {
  type MessageSettings,
  messageFields,
  messageSettings,
} from '../../src/cloudflare/message-settings.ts'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { type PartitionCounts, parseOpenPartitionCounts } from '../../src/kernel/partitions.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import { GATEWAYS, type Gateway } from '../../src/payment/gateways.ts'
import {
  faultsOfStripe,
  type StripeSettings,
  stripeFields,
  stripeSettings,
} from './gateways/stripe/stripe-settings.ts'

export type PaymentSettings = {
  /** Undefined where they are left open: the partitions remember them. */
  partitions: PartitionCounts | undefined
  gateway: Gateway
  /** Given where the gateway is Stripe. */
  stripe: StripeSettings | undefined
  defaultCurrency: string
  keysAnHourMax: number
  messages: MessageSettings
}

const schema = z.object({
  ORDER_PARTITIONS: z.string().default(''),
  PAYMENT_GATEWAY: z.enum(GATEWAYS, {
    error: `must name the bank, one of: ${GATEWAYS.join(', ')}. It has no default, so that no shop gives goods away: name it to \`npm run deploy\`, or locally in workers/payment/.dev.vars`,
  }),
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
  KEYS_AN_HOUR_MAX: keysAnHourMaxSetting,
  DEMO_CATALOGUE: z.enum(['true', 'false']).default('false'),
  ...stripeFields,
  ...messageFields,
})

/** The Worker's configuration, or all its faults. */
export const readPaymentSettings = (env: unknown): Result<PaymentSettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const partitions = parseOpenPartitionCounts(parsed.data.ORDER_PARTITIONS)
  if (!partitions.ok) return refusal([`ORDER_PARTITIONS ${partitions.reason}`])
  const isStripe = parsed.data.PAYMENT_GATEWAY === 'stripe'
  const faults = isStripe ? faultsOfStripe(parsed.data) : []
  if (faults.length > 0) return refusal(faults)
  const { PAYMENT_GATEWAY, DEFAULT_CURRENCY, KEYS_AN_HOUR_MAX } = parsed.data
  return success({
    partitions: partitions.value,
    gateway: PAYMENT_GATEWAY,
    stripe: isStripe ? stripeSettings(parsed.data) : undefined,
    defaultCurrency: DEFAULT_CURRENCY,
    keysAnHourMax: KEYS_AN_HOUR_MAX,
    messages: messageSettings(parsed.data),
  })
}
