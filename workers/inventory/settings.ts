import { z } from 'zod'
import { keysAnHourMaxSetting } from '../../src/cloudflare/key-settings.ts'
import {
  type MessageSettings,
  messageFields,
  messageSettings,
} from '../../src/cloudflare/message-settings.ts'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import type { FixedSetting } from '../../src/messaging/fixed-setting.ts'

/** A list of all levels calls every partition. */
const STOCK_PARTITIONS_MAX = 64

/** This partition exists under every count, so it remembers the count that products were placed under. */
export const FIRST_PARTITION = 'stock-0'

export type InventorySettings = {
  partitionCount: number
  defaultCurrency: string
  keysAnHourMax: number
  messages: MessageSettings
}

const NO_COUNT = `must be a count from 1 to ${STOCK_PARTITIONS_MAX}`

const schema = z.object({
  STOCK_PARTITIONS: z
    .string({ error: NO_COUNT })
    .regex(/^[1-9]\d?$/, NO_COUNT)
    .transform(Number)
    .refine((count) => count <= STOCK_PARTITIONS_MAX, NO_COUNT),
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
  KEYS_AN_HOUR_MAX: keysAnHourMaxSetting,
  ...messageFields,
})

/** `STOCK_PARTITIONS` as stock partitions remember it. A product has no label in its id, so it can never change. */
export const stockPartitionsSetting = (count: string): FixedSetting => ({
  name: 'STOCK_PARTITIONS',
  key: 'partition_count',
  value: count,
  decides: 'where each product lies',
  follows: (earlier) => earlier === count,
  advice: (earlier) => `Set it back to ${earlier}.`,
})

/** The Worker's configuration, or all its faults. */
export const readInventorySettings = (env: unknown): Result<InventorySettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const { STOCK_PARTITIONS, DEFAULT_CURRENCY, KEYS_AN_HOUR_MAX } = parsed.data
  return success({
    partitionCount: STOCK_PARTITIONS,
    defaultCurrency: DEFAULT_CURRENCY,
    keysAnHourMax: KEYS_AN_HOUR_MAX,
    messages: messageSettings(parsed.data),
  })
}
