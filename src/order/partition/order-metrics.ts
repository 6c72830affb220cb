import { gauge, type Sample } from '../../contracts/metrics.ts'
import { secondsSince } from '../../kernel/instant.ts'
import type { Counters } from '../../messaging/counters.ts'
import type { Periods } from '../../messaging/minutes.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import { countDue, measureOpen, OPEN_MAX } from './open-order-rows.ts'
import { earliestDue } from './order-store.ts'

/** What the partition counted in the last day, and how many orders are not decided now. */
export type PartitionHistory = Periods & { pending: number }

export const readHistory = ({ host, counters, recent }: Ports): PartitionHistory => ({
  ...counters.minutes.all(),
  pending: measureOpen(host.sql, recent.ids(OPEN_MAX)).pending,
})

type Ports = { host: PartitionHost; counters: Counters; recent: RecentRows }

/** What an order partition counts and measures. Nothing is written for it. */
export const measureOrders = ({ host, counters, recent }: Ports): Sample[] => {
  const { sql } = host
  const now = host.now()
  const open = measureOpen(sql, recent.ids(OPEN_MAX))
  return [
    ...counters.samples([
      'edge_orders_orders_placed_total',
      'edge_orders_orders_decided_total',
      'edge_orders_order_settle_seconds',
      'edge_orders_events_resent_total',
      'edge_orders_duplicates_suppressed_total',
    ]),
    gauge('edge_orders_orders_pending', open.pending),
    gauge('edge_orders_oldest_pending_order_seconds', secondsSince(open.oldestPendingAt, now)),
    gauge('edge_orders_orders_stuck', open.stuck),
    gauge('edge_orders_outbox_orders', countDue(sql)),
    gauge('edge_orders_outbox_oldest_seconds', secondsSince(open.oldestChangeAt, now)),
    gauge('edge_orders_partition_late_seconds', secondsSince(earliestDue(sql), now)),
  ]
}
