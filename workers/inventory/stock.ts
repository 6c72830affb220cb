import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import { partitionIndex } from '../../src/kernel/partitions.ts'
import type { LevelView } from './adjusting.ts'
import type { StockPartitions } from './responder.ts'
import { stockPartitionsSetting } from './settings.ts'
import type { StockObject } from './stock-object.ts'

/** It is there under every count, so it is the one that knows which count it was. */
export const FIRST_PARTITION = 'stock-0'

/** The stock partitions, as the Worker in front of them sees them. */
export const createStock = (namespace: DurableObjectNamespace<StockObject>, count: number) => {
  const partition = (index: number) => namespace.getByName(`stock-${index}`)
  const setting = stockPartitionsSetting(String(count))
  return {
    /** Throws where products were placed by another count. */
    check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, setting),

    objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), setting),

    partitions: {
      count,
      apply: async (index, commands) => await partition(index).apply(commands),
      note: async (index, factIds) => await partition(index).note(factIds),
    } satisfies StockPartitions,

    /** Every partition there is, to be roused. */
    sleepers: () =>
      Array.from({ length: count }, (_, index) => ({
        name: `stock-${index}`,
        rouse: async () => await partition(index).rouse(),
      })),

    partitionOf: (productId: string) => partition(partitionIndex(productId, count)),

    /** Levels of all partitions in the order of their product ids, from the first id after `after`. */
    levels: async (after: string, limit: number): Promise<LevelView[]> => {
      const indexes = Array.from({ length: count }, (_, index) => index)
      const levels = await Promise.all(indexes.map((index) => partition(index).levels(after, limit)))
      return levels
        .flat()
        .sort((left, right) => (left.productId < right.productId ? -1 : 1))
        .slice(0, limit)
    },
  }
}

export type Stock = ReturnType<typeof createStock>
