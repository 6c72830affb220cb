import { traceIdsOf } from '../../kernel/trace.ts'
import type { ListSource } from '../../messaging/list-filling.ts'
import type { Order } from '../order.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { loadOrdersAfter } from './order-store.ts'

/** Every order of a partition, for the list of orders. `list` writes them; an older version never replaces a newer one. */
export const listedOrders = (list: (orders: readonly Order[]) => Promise<void>): ListSource<Order> => ({
  name: 'orders',
  loadAfter: loadOrdersAfter,
  keyOf: ({ orderId }) => orderId,
  write: (orders) => list(orders.filter((order) => !isUnknownOrder(order))),
  about: (orders) => ({ traceIds: traceIdsOf(orders) }),
})
