import type { Order } from '../../../src/order/order.ts'
import type { Platform } from '../platform/platform.ts'
import { countOrders } from '../system/partitions.ts'
import type { System } from '../system/system.ts'

/**
 * A new order in a full partition, while another one has room. The partition of an external order follows from its id, and
 * an order that was never placed is stored where its reports come.
 */
export const checkRoom = (
  platform: Platform,
  { labelOf, orders, setup }: System,
  { orderId, externalId, client }: Order,
): void => {
  if (externalId !== undefined || client === null || !orderId.startsWith('ord_')) return
  const home = `orders-${labelOf(orderId)}`
  const isOver = (name: string, most: number) => {
    const sql = orders.get(name)?.sql
    return sql !== undefined && countOrders(sql) >= most
  }
  if (!isOver(home, setup.ordersPerPartition + 1)) return
  const roomy = [...orders.keys()].filter((name) => !isOver(name, setup.ordersPerPartition))
  if (roomy.length === 0) return
  platform.violated(
    'a full partition takes no new order while another has room',
    `${orderId} was placed in ${home}, and ${roomy.join()} had room`,
  )
}
