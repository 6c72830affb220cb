import { SECOND_MS } from '../../kernel/instant.ts'
import { bucketOf, type Counters } from '../../messaging/counters.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Order } from '../order.ts'
import { isUnknownOrder } from '../unknown-order.ts'

/** Counts what becomes of orders: placed, decided, and after what time settled. All of it by the minute too. */
export const createOrderCounts = (host: PartitionHost, { add, observe, minutes }: Counters) => {
  const countDecision = (before: Order | undefined, order: Order): void => {
    add('edge_orders_orders_decided_total', decisionOf(order))
    minutes.count(order.status)
    if (before === undefined || before.status === 'pending') minutes.count('decided')
  }

  const count = (before: Order | undefined, order: Order): void => {
    if (before === undefined) {
      add('edge_orders_orders_placed_total')
      minutes.count('placed')
    }
    if (order.status === 'pending') return
    if (before?.status !== order.status) countDecision(before, order)
    const settledBefore = before?.status === order.status ? before.settledAt : undefined
    if (order.settledAt === undefined || settledBefore !== undefined) return
    // An order may be cancelled long after it has settled.
    const since = order.status === 'cancelled' ? order.decidedAt : order.placedAt
    const seconds = (order.settledAt - since) / SECOND_MS
    observe('edge_orders_order_settle_seconds', { outcome: order.status }, seconds)
    minutes.bucket(bucketOf('edge_orders_order_settle_seconds', seconds))
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
