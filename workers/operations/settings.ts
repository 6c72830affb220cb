import { z } from 'zod'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'

export type OperationsSettings = {
  defaultCurrency: string
  /** Webhooks may be posted to this machine: for development and tests alone. */
  areLocalWebhooksAllowed: boolean
}

const schema = z.object({
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
  WEBHOOKS_ALLOW_LOCAL: z.enum(['true', 'false']).default('false'),
})

/** The Worker's configuration, or everything that is wrong with it. */
export const readOperationsSettings = (env: unknown): Result<OperationsSettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const { DEFAULT_CURRENCY, WEBHOOKS_ALLOW_LOCAL } = parsed.data
  return success({
    defaultCurrency: DEFAULT_CURRENCY,
    areLocalWebhooksAllowed: WEBHOOKS_ALLOW_LOCAL === 'true',
  })
}
