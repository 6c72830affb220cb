import type { Instant } from '../../kernel/instant.ts'
import { listingAt } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { LOOK_WITHIN_MS, type RecentRows } from '../../messaging/recent-rows.ts'
import type { Order } from '../order.ts'
import type { OrderRow } from './order-store.ts'

/** In a turn: when the row of an order is due, and the alarm for it. `null` where the next look finds the row. */
export const createDueTimes = (host: PartitionHost, recent: RecentRows) => {
  const due = (at: Instant): Instant => {
    host.wakeBy(at)
    return at
  }
  return {
    /** An order whose deadline comes before its look has it as its due time. */
    ofNew: ({ orderId, deadlineAt }: Order, now: Instant): Instant | null => {
      if (deadlineAt <= now + LOOK_WITHIN_MS) return due(Math.min(deadlineAt, listingAt(now)))
      return recent.covers(orderId) ? null : due(listingAt(now))
    },

    /** A row that has changed is to be listed, unless it is due earlier. */
    afterChange: ({ order, dueAt }: OrderRow, now: Instant): Instant | null => {
      if (dueAt === null && recent.covers(order.orderId)) return null
      return due(Math.min(dueAt ?? Number.POSITIVE_INFINITY, listingAt(now)))
    },
  }
}

export type DueTimes = ReturnType<typeof createDueTimes>
