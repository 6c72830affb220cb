import { z } from 'zod'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'

export type OperationsSettings = {
  defaultCurrency: string
  /** Webhooks may be posted to this machine: for development and tests alone. */
  areLocalWebhooksAllowed: boolean
  /** Where names of webhooks are looked up, by DNS over HTTPS with JSON answers. */
  resolverUrl: string
}

const RESOLVER_DEFAULT = 'https://cloudflare-dns.com/dns-query'

/** Whoever can change the answers on the way decides where requests go. */
const isSafeResolver = (text: string): boolean => {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1')
}

const schema = z.object({
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
  WEBHOOKS_ALLOW_LOCAL: z.enum(['true', 'false']).default('false'),
  WEBHOOK_RESOLVER_URL: z
    .string()
    .refine(isSafeResolver, 'must be an https URL, or http to 127.0.0.1')
    .default(RESOLVER_DEFAULT),
})

/** The Worker's configuration, or everything that is wrong with it. */
export const readOperationsSettings = (env: unknown): Result<OperationsSettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const { DEFAULT_CURRENCY, WEBHOOKS_ALLOW_LOCAL, WEBHOOK_RESOLVER_URL } = parsed.data
  return success({
    defaultCurrency: DEFAULT_CURRENCY,
    areLocalWebhooksAllowed: WEBHOOKS_ALLOW_LOCAL === 'true',
    resolverUrl: WEBHOOK_RESOLVER_URL,
  })
}
