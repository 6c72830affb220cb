import type { Instant } from '../../kernel/instant.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import type { Counters } from '../../messaging/counters.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { earlySends } from '../../messaging/redelivery.ts'
import { attempt } from '../../messaging/turn.ts'
import type { LegInquiry, LegReport } from '../saga.ts'
import { rejectUnknownOrder } from '../unknown-order.ts'
import type { ArchivedOrders } from './archived-orders.ts'
import type { DueTimes } from './due-times.ts'
import type { HeldReports } from './held-reports.ts'
import type { ApplyFact } from './order-changes.ts'
import { loadOrders, newRow, type OrderRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'
import { acknowledgementsOf, decisionFor, isLegInquiry, outstanding } from './outstanding-events.ts'

type Ports = {
  host: PartitionHost
  writes: OrderWrites
  applyFact: ApplyFact
  heldReports: HeldReports
  dueTimes: DueTimes
  counters: Counters
  archived: Pick<ArchivedOrders, 'hasLeft'>
  defaultCurrency: string
}

/** Applies what the legs of orders report. */
export const createLegReports = (ports: Ports) => {
  const { host, writes, applyFact, heldReports, dueTimes, counters, archived, defaultCurrency } = ports

  /** A report may change the order. To an inquiry the partition replies with the order's decision. */
  const applyReport = (row: OrderRow, fact: LegReport | LegInquiry, now: Instant): OrderRow => {
    if (isLegInquiry(fact)) {
      host.publish(decisionFor(row.order, fact))
      return row
    }
    const changed = applyFact(row, fact, now)
    if (changed !== row) return { ...changed, sends: earlySends(changed.sends) }
    counters.addDuplicates(1)
    return row
  }

  const rejectUnknown = (report: LegReport | LegInquiry, now: Instant): OrderRow => {
    const order = rejectUnknownOrder(report, defaultCurrency, now)
    host.log('warn', 'report on an order that was never placed', {
      orderId: order.orderId,
      traceId: traceIdOf(report),
    })
    const row = newRow(order, dueTimes.ofNew(order, now), now)
    host.publish(outstanding(order))
    return isLegInquiry(report) ? row : applyFact(row, report, now)
  }

  /** An order that has left was settled: a report about it is late or a repetition. */
  const ignore = (facts: readonly (LegReport | LegInquiry)[]): void => {
    counters.addDuplicates(facts.length)
    host.publish(acknowledgementsOf(facts, host.now()))
  }

  /** All reports of a batch on one order. Its row is written once, or not yet. */
  const applyToOrder = (
    orderId: string,
    stored: OrderRow | undefined,
    facts: readonly (LegReport | LegInquiry)[],
  ): void => {
    if (stored === undefined && archived.hasLeft(orderId)) {
      ignore(facts)
      return
    }
    const now = host.now()
    if (stored !== undefined && heldReports.hold(stored.order, facts, now)) return
    let row = stored && heldReports.applyTo(stored, now, applyFact)
    for (const fact of facts) row = row ? applyReport(row, fact, now) : rejectUnknown(fact, now)
    if (row !== undefined && row !== stored) writes.store(row)
    host.publish(acknowledgementsOf(facts, now))
  }

  /**
   * Reports may come in any order and any number of times. Returns the ids of the orders for which this failed: for
   * these, nothing is stored or published.
   */
  return (reports: readonly (LegReport | LegInquiry)[]): string[] =>
    host.turn(() => {
      const bySubject = Map.groupBy(reports, (report) => report.subject)
      const stored = loadOrders(host.sql, [...bySubject.keys()])
      const failed = Array.from(bySubject, ([orderId, facts]) => {
        const about = { orderId, traceId: traceIdOf(facts[0]) }
        return attempt(host, about, () => applyToOrder(orderId, stored.get(orderId), facts)).ok
          ? []
          : [orderId]
      })
      return failed.flat()
    })
}
