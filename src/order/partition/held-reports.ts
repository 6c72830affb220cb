import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import type { Order } from '../order.ts'
import { decide, type LegInquiry, type LegReport, outstandingLegs } from '../saga.ts'
import type { ApplyFact } from './order-changes.ts'
import type { OrderRow } from './order-store.ts'

/** Orders with a held report: some 10 MB. Beyond them each report is stored at once. */
const HELD_MAX = 10_000

/**
 * Reports that tell only that a leg did as it was told. One of them decides and settles nothing while the other leg's is
 * outstanding.
 */
const HOLDABLE: ReadonlySet<string> = new Set<LegReport['type']>([
  'StockReserved',
  'StockCommitted',
  'StockReleased',
  'PaymentAuthorized',
  'PaymentCaptured',
  'PaymentVoided',
])

/**
 * The first of the two reports that an order waits for, in memory until the second comes: so the order's row is written
 * once for both. It takes effect, and is shown, when it is stored: with the second one, or at the next look at the row,
 * two to three seconds after the order was placed. Where the partition stops before, the report is lost, and the order's
 * decision is published to that leg again, which then reports again.
 */
export const createHeldReports = (host: PartitionHost, recent: RecentRows) => {
  const held = new Map<string, readonly LegReport[]>()

  const drop = (orderId: string): void => {
    if (held.has(orderId)) host.afterTurn(() => held.delete(orderId))
  }

  return {
    /** In a turn: whether these reports are held, and nothing is to be stored for them now. */
    hold: (order: Order, reports: readonly (LegReport | LegInquiry)[], now: Instant): boolean => {
      const { orderId } = order
      const all = [...(held.get(orderId) ?? []), ...reports]
      if (!all.every(isHoldable) || held.size >= HELD_MAX) return false
      if (!changesLegsAlone(order, all, now) || !recent.covers(orderId)) return false
      host.afterTurn(() => held.set(orderId, all))
      return true
    },

    /** In a turn: the row after the reports that were held for it. They are held no more. */
    applyTo: (row: OrderRow, now: Instant, applyFact: ApplyFact): OrderRow => {
      const { orderId } = row.order
      const reports = held.get(orderId) ?? []
      drop(orderId)
      return reports.reduce((changed, report) => applyFact(changed, report, now), row)
    },
  }
}

export type HeldReports = ReturnType<typeof createHeldReports>

const isHoldable = (report: LegReport | LegInquiry): report is LegReport => HOLDABLE.has(report.type)

/** A leg has moved, and the other leg has yet to report: the order is neither decided nor settled by it. */
const changesLegsAlone = (order: Order, reports: readonly LegReport[], now: Instant): boolean => {
  const after = reports.reduce((changed, report) => decide(changed, report, now), order)
  return after !== order && after.status === order.status && outstandingLegs(after).length > 0
}
