import type { FixedSetting } from './fixed-setting.ts'

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

const lastOf = (list: string): string => list.slice(list.lastIndexOf(',') + 1)
