import { parseOpenPartitionCounts, partitionLabel } from '../../src/kernel/partitions.ts'
import { orderPartitionsOf } from '../../src/messaging/order-partitions.ts'

/** This partition exists under every list of counts, so it remembers the list that payments were placed under. */
export const FIRST_PARTITION = `payments-${partitionLabel(0)}`

/** For the constructor of a Durable Object: the setting that decides where a payment lies, and the partition that remembers it. */
export const partitionsSettingOf = (env: PaymentEnv) => {
  const partitions = parseOpenPartitionCounts(env.ORDER_PARTITIONS ?? '')
  if (!partitions.ok) throw new Error(`ORDER_PARTITIONS ${partitions.reason}`)
  return {
    setting: orderPartitionsOf(partitions.value),
    namespace: env.PAYMENTS,
    first: FIRST_PARTITION,
  }
}
