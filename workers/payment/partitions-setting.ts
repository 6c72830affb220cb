import { parsePartitionCounts, partitionCountsText, partitionLabel } from '../../src/kernel/partitions.ts'
import type { FixedSetting } from '../../src/messaging/fixed-setting.ts'
import { orderPartitionsSetting } from '../../src/messaging/order-partitions.ts'

/** It is there under every list of counts, so it is the one that knows which lists there were. */
export const FIRST_PARTITION = `payments-${partitionLabel(0)}`

/** What decides in which partition a payment lies, and who remembers it, for the constructor of a Durable Object. */
export const partitionsSettingOf = (
  env: PaymentEnv,
): { setting: FixedSetting; namespace: PaymentEnv['PAYMENTS']; first: string } => {
  const partitions = parsePartitionCounts(env.ORDER_PARTITIONS)
  if (!partitions.ok) throw new Error(`ORDER_PARTITIONS ${partitions.reason}`)
  const setting = orderPartitionsSetting(partitionCountsText(partitions.value))
  return { setting, namespace: env.PAYMENTS, first: FIRST_PARTITION }
}
