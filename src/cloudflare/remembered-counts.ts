import { type PartitionCounts, parsePartitionCounts } from '../kernel/partitions.ts'
import { OPEN_ORDER_PARTITIONS } from '../messaging/order-partitions.ts'
import { askRemembered, type OpenWitness } from './witness.ts'

/**
 * Partitions under the counts that are set. Where they are left open, the first partition is asked, once in the life of an
 * isolate.
 */
export const openPartitions = <Partitions>(
  set: PartitionCounts | undefined,
  first: () => OpenWitness,
  create: (counts: PartitionCounts) => Partitions,
): (() => Promise<Partitions>) => {
  let opened = set && create(set)
  return async () => {
    opened ??= create(await rememberedCounts(first()))
    return opened
  }
}

/** The counts of order partitions that the system runs with, as its first partition remembers them. */
export const rememberedCounts = async (witness: OpenWitness): Promise<PartitionCounts> => {
  const counts = parsePartitionCounts(await askRemembered(witness, OPEN_ORDER_PARTITIONS))
  if (!counts.ok) throw new Error(`ORDER_PARTITIONS, as the first partition remembers it: ${counts.reason}`)
  return counts.value
}
