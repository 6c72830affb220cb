import { gauge, type Sample } from '../../contracts/metrics.ts'
import { secondsSince } from '../../kernel/instant.ts'
import type { Counters } from '../../messaging/counters.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { earliestDue } from './stock-store.ts'

/** What a stock partition counts and measures. Nothing is written for it. */
export const measureStock = ({ sql, now }: PartitionHost, counters: Counters): Sample[] => [
  ...counters.samples([
    'edge_orders_reservations_total',
    'edge_orders_events_resent_total',
    'edge_orders_duplicates_suppressed_total',
  ]),
  gauge('edge_orders_partition_late_seconds', secondsSince(earliestDue(sql), now())),
]
