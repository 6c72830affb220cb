import { type PartitionCounts, partitionCountsText } from '../kernel/partitions.ts'
import { type FixedSetting, type OpenSetting, rememberedValue } from './fixed-setting.ts'
import type { Sql } from './sql.ts'

/**
 * `ORDER_PARTITIONS` as the partitions of orders and payments remember it. Counts may follow those that there are:
 * the first one places orders with external ids for ever, and each later one may have placed orders and keys.
 */
export const orderPartitionsSetting = (list: string): FixedSetting => ({
  name: 'ORDER_PARTITIONS',
  key: 'order_partitions',
  value: list,
  decides: 'where each order lies',
  follows: (earlier) => `${list},`.startsWith(`${earlier},`),
  advice: (earlier) => {
    const wanted = lastOf(list)
    const isMore = Number(wanted) > Number(lastOf(earlier))
    return `Set it back to ${earlier}${isMore ? `, or to ${earlier},${wanted} to have more` : ''}.`
  },
})

/**
 * `ORDER_PARTITIONS` where it is left open. A new system begins with one partition, and spreads external ids, which can
 * never be spread anew, over two. A system that ran before partitions remembered their list was shipped with two.
 */
export const OPEN_ORDER_PARTITIONS: OpenSetting = {
  key: 'order_partitions',
  ofNewSystem: '2:1',
  ofOldSystem: '2',
  withValue: orderPartitionsSetting,
}

/** For the constructor of a partition: the setting with the counts that are set, or open. */
export const orderPartitionsOf = (counts: PartitionCounts | undefined): FixedSetting | OpenSetting =>
  counts === undefined ? OPEN_ORDER_PARTITIONS : orderPartitionsSetting(partitionCountsText(counts))

/** What a partition that has started remembers. */
export const rememberedOrderPartitions = (sql: Sql): string =>
  rememberedValue(sql, OPEN_ORDER_PARTITIONS.key) ?? OPEN_ORDER_PARTITIONS.ofNewSystem

const lastOf = (list: string): string => /\d*$/.exec(list)?.[0] ?? ''
