import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { sentOnce } from '../../messaging/redelivery.ts'
import { decide, type OrderFact } from '../saga.ts'
import type { DueTimes } from './due-times.ts'
import type { LiveReads } from './live-reads.ts'
import type { OpenOrders } from './open-orders.ts'
import type { OrderCounts } from './order-counts.ts'
import type { OrderRow } from './order-store.ts'
import { outstanding } from './outstanding-events.ts'
import type { TokenErasure } from './token-erasure.ts'
import type { Announcer } from './webhook-announcements.ts'

type Ports = {
  host: PartitionHost
  tokens: TokenErasure
  announcer: Announcer
  liveReads: LiveReads
  openOrders: OpenOrders
  counts: OrderCounts
  dueTimes: DueTimes
}

/** In a turn: the row after one fact; the same object where nothing changed. A new decision is published at once. */
export type ApplyFact = (row: OrderRow, fact: OrderFact, now: Instant) => OrderRow

/** What one fact changes: the order by the saga's decision, and all that follows from the change. */
export const createOrderChanges =
  ({ host, tokens, announcer, liveReads, openOrders, counts, dueTimes }: Ports): ApplyFact =>
  (row, fact, now) => {
    const decided = decide(row.order, fact, now)
    if (decided === row.order) return row
    const { order } = tokens.eraseUsed({ ...row, order: decided })
    const dueAt = dueTimes.afterChange(row, now)
    const changed = announcer.announce(row, { ...row, order, dueAt }, now)
    host.afterTurn(() => liveReads.notify(order.orderId))
    openOrders.track(row.order, order)
    counts.track(row.order, order)
    if (order.status === row.order.status) return changed
    host.publish(outstanding(order))
    return { ...changed, ...sentOnce(now) }
  }
