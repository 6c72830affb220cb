import { SECOND_MS } from '../../kernel/instant.ts'
import type { Counters } from '../../messaging/counters.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Order } from '../order.ts'
import { isUnknownOrder } from '../unknown-order.ts'

/** Counts what becomes of orders: placed, decided, and after what time settled. */
export const createOrderCounts = (host: PartitionHost, { add, observe }: Counters) => {
  const count = (before: Order | undefined, order: Order): void => {
    if (before === undefined) add('edge_orders_orders_placed_total')
    if (order.status === 'pending') return
    if (before?.status !== order.status) add('edge_orders_orders_decided_total', decisionOf(order))
    const settledBefore = before?.status === order.status ? before.settledAt : undefined
    if (order.settledAt === undefined || settledBefore !== undefined) return
    // An order may be cancelled long after it has settled.
    const since = order.status === 'cancelled' ? order.decidedAt : order.placedAt
    const seconds = (order.settledAt - since) / SECOND_MS
    observe('edge_orders_order_settle_seconds', { outcome: order.status }, seconds)
  }
  return {
    /** In a turn: counts an order that is new or has changed, once the turn has returned. */
    track: (before: Order | undefined, order: Order): void => {
      if (!isUnknownOrder(order)) host.afterTurn(() => count(before, order))
    },
  }
}

export type OrderCounts = ReturnType<typeof createOrderCounts>

const decisionOf = (order: Order) => ({
  outcome: order.status,
  reason: order.status === 'rejected' || order.status === 'cancelled' ? order.reason.code : '',
})
