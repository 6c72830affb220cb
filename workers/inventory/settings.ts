import { z } from 'zod'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'

/** A list of all levels asks every partition. */
const STOCK_PARTITIONS_MAX = 64

export type InventorySettings = { partitionCount: number; defaultCurrency: string }

const schema = z.object({
  STOCK_PARTITIONS: z.coerce.number().int().min(1).max(STOCK_PARTITIONS_MAX),
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
})

/** The Worker's configuration, or everything that is wrong with it. */
export const readInventorySettings = (env: unknown): Result<InventorySettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const { STOCK_PARTITIONS, DEFAULT_CURRENCY } = parsed.data
  return success({ partitionCount: STOCK_PARTITIONS, defaultCurrency: DEFAULT_CURRENCY })
}
