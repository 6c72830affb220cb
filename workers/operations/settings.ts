import { z } from 'zod'
import { keysAnHourMaxSetting } from '../../src/cloudflare/key-settings.ts'
import {
  type MessageSettings,
  messageFields,
  messageSettings,
} from '../../src/cloudflare/message-settings.ts'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/operations/partition/connection-slots.ts'
import { TESTS_AN_HOUR_MAX } from '../../src/operations/partition/requested-deliveries.ts'

export type OperationsSettings = {
  defaultCurrency: string
  /** Webhooks may be posted to this machine: only for development and tests. */
  areLocalWebhooksAllowed: boolean
  /** Looks up the host names of webhooks, by DNS over HTTPS with JSON responses. */
  resolverUrl: string
  connections: ConnectionLimits
  keysAnHourMax: number
  messages: MessageSettings
  /** Test deliveries, for each client. */
  testsAnHourMax: number
}

const RESOLVER_DEFAULT = 'https://cloudflare-dns.com/dns-query'

/** An attacker who can change its responses on the way decides where requests go. */
const isSafeResolver = (text: string): boolean => {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1')
}

/** Each connection is one request that waits for a response. */
const CONNECTIONS_MAX = 1_000
const connectionsField = z.coerce.number().int().min(1).max(CONNECTIONS_MAX)

const schema = z.object({
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
  WEBHOOKS_ALLOW_LOCAL: z.enum(['true', 'false']).default('false'),
  WEBHOOK_RESOLVER_URL: z
    .string()
    .refine(isSafeResolver, 'must be an https URL, or http to 127.0.0.1')
    .default(RESOLVER_DEFAULT),
  WEBHOOK_CONNECTIONS_PER_ENDPOINT: connectionsField.default(CONNECTION_LIMITS.perEndpoint),
  WEBHOOK_CONNECTIONS_PER_CLIENT: connectionsField.default(CONNECTION_LIMITS.perClient),
  KEYS_AN_HOUR_MAX: keysAnHourMaxSetting,
  ...messageFields,
  TESTS_AN_HOUR_MAX: z.coerce.number().int().min(1).default(TESTS_AN_HOUR_MAX),
})

/** The Worker's configuration, or all its faults. */
export const readOperationsSettings = (env: unknown): Result<OperationsSettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const { DEFAULT_CURRENCY, WEBHOOKS_ALLOW_LOCAL, WEBHOOK_RESOLVER_URL, ...limits } = parsed.data
  const perEndpoint = limits.WEBHOOK_CONNECTIONS_PER_ENDPOINT
  const perClient = limits.WEBHOOK_CONNECTIONS_PER_CLIENT
  return success({
    defaultCurrency: DEFAULT_CURRENCY,
    areLocalWebhooksAllowed: WEBHOOKS_ALLOW_LOCAL === 'true',
    resolverUrl: WEBHOOK_RESOLVER_URL,
    connections: { perEndpoint, perClient },
    keysAnHourMax: limits.KEYS_AN_HOUR_MAX,
    messages: messageSettings(parsed.data),
    testsAnHourMax: limits.TESTS_AN_HOUR_MAX,
  })
}
