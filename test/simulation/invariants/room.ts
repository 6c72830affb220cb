import type { Order } from '../../../src/order/order.ts'
import type { Platform } from '../platform/platform.ts'
import { countOrders } from '../system/partitions.ts'
import type { System } from '../system/system.ts'

/** The partition of an external order follows from its id, and an order that was never placed is stored where its reports come. */
export const hasNoChoice = ({ orderId, externalId, client }: Order): boolean =>
  externalId !== undefined || client === null || !orderId.startsWith('ord_')

/**
 * A new order in a full partition, while another one has room. `withoutChoice` is how many orders came in the same commit
 * that had to come there: they may have come after it.
 */
export const checkRoom = (
  platform: Platform,
  { labelOf, orders, setup }: System,
  { order, withoutChoice }: { order: Order; withoutChoice: number },
): void => {
  if (hasNoChoice(order)) return
  const { orderId } = order
  const home = `orders-${labelOf(orderId)}`
  const isOver = (name: string, most: number) => {
    const sql = orders.get(name)?.sql
    return sql !== undefined && countOrders(sql) >= most
  }
  if (!isOver(home, setup.ordersPerPartition + 1 + withoutChoice)) return
  const roomy = [...orders.keys()].filter((name) => !isOver(name, setup.ordersPerPartition))
  if (roomy.length === 0) return
  platform.violated(
    'a full partition takes no new order while another has room',
    `${orderId} was placed in ${home}, and ${roomy.join()} had room`,
  )
}
