import type { DomainEvent } from '../../contracts/events.ts'
import { MINUTE_MS, wholeSecondFrom } from '../../kernel/instant.ts'
import { traceIdsOf } from '../../kernel/trace.ts'
import type { Alarm } from '../../messaging/due-rows.ts'
import { nextListingAt, tryListing } from '../../messaging/listing.ts'
import { toSubscribers } from '../../messaging/outgoing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import { attempt } from '../../messaging/turn.ts'
import { type Adjustment, type LedgerRow, ledgerRowsOf, movementOfAdjustment } from '../movements.ts'
import type { Product } from '../product.ts'
import { reservationOverdue } from '../verdict.ts'
import { loadDueAdjustments, settleAdjustment } from './adjustment-store.ts'
import { loadDueFacts } from './fact-store.ts'
import type { StockFacts } from './stock-facts.ts'
import {
  loadDueReservations,
  loadProducts,
  loadReservations,
  type ReservationRow,
  settleReservation,
} from './stock-store.ts'

/** Far longer than any order may take to be decided. */
const OVERDUE_MS = 60 * MINUTE_MS

export type AlarmWorkPorts = {
  /** Writes to the ledger and the catalogue's list. Both may be written again without effect. */
  list(changes: { rows: readonly LedgerRow[]; products: readonly Product[] }): Promise<void>
}

type Ports = AlarmWorkPorts & {
  host: PartitionHost
  facts: StockFacts
  recent: RecentRows
  alarm: Alarm
}

/** Handles the rows that are due, and looks at the recent reservations: writes the ledger and the catalogue, and sends outstanding facts again. */
export const createAlarmWork = ({ host, list, facts, recent, alarm }: Ports) => {
  const { sql } = host

  /**
   * A reservation that stays open for a long time asks the order service, which may not know the order. A recent one
   * that is closed has no due time to take back, so it is not written.
   */
  const settle = ({ reservation, dueAt }: ReservationRow): void => {
    const now = host.now()
    const isOpen = reservation.state === 'reserved'
    if (isOpen && now >= reservation.reservedAt + OVERDUE_MS) {
      host.publish(toSubscribers(reservationOverdue(reservation, now)))
    }
    const nextDue = isOpen ? wholeSecondFrom(now + OVERDUE_MS) : null
    if (nextDue !== null || dueAt !== null) settleReservation(sql, reservation, nextDue)
  }

  /** Rows that the ledger has are no longer due. False where that could not be stored for one of them. */
  const settleAll = (rows: readonly ReservationRow[], adjustments: readonly Adjustment[]): boolean => {
    const settled = [
      ...rows.map((row) => attempt(host, { orderId: row.reservation.orderId }, () => settle(row))),
      ...adjustments.map(({ adjustmentId }) =>
        attempt(host, { adjustmentId }, () => settleAdjustment(sql, adjustmentId)),
      ),
    ]
    return settled.every(({ ok }) => ok)
  }

  return async (): Promise<void> => {
    const started = host.now()
    const looked = loadReservations(sql, recent.beginLook(started))
    const reservations = [...loadDueReservations(sql, started, DUE_ROWS_MAX), ...looked.values()]
    const adjustments = loadDueAdjustments(sql, started, DUE_ROWS_MAX)
    const dueFacts = loadDueFacts(sql, started, DUE_ROWS_MAX)
    const changes = {
      rows: [
        ...reservations.flatMap(({ reservation }) => ledgerRowsOf(reservation)),
        ...adjustments.map(movementOfAdjustment),
      ],
      products: dueFacts.filter((fact) => !fact.isListed).flatMap((fact) => productOf(fact.event, sql)),
    }
    const isListed = await tryListing(host, {
      write: () => list(changes),
      failure: 'the ledger could not be written',
      about: { traceIds: traceIdsOf(dueFacts.map((fact) => fact.event)) },
    })
    host.turn(() => {
      const isAttended = facts.attend(dueFacts, isListed)
      if (!isListed) return host.wakeBy(nextListingAt(host.now(), { isListed }))
      const isSettled = settleAll(reservations, adjustments)
      if (isSettled) recent.endLook()
      alarm.endWakeUp({ isDone: isAttended && isSettled })
    })
  }
}

/** The catalogue's list gets the product as it is now, so an older change never replaces a newer one. */
const productOf = (event: DomainEvent, sql: PartitionHost['sql']): Product[] => {
  if (event.type !== 'ProductChanged') return []
  return [...loadProducts(sql, [event.subject]).values()]
}
