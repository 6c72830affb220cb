import { createEvent, type DomainEvent, type EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Reservation } from './stock.ts'

export type InventoryReport = EventOf<'StockReserved' | 'StockRejected' | 'StockCommitted' | 'StockReleased'>

/** The inventory's leg of an order: the votes of all partitions that have a part in it, taken together. */
export type Verdict = 'reserved' | 'rejected' | 'committed' | 'released'

/**
 * The verdict is the AND of the votes. Votes never change, so every delivery of an event computes the same verdict. One
 * refusal rejects the order, whatever happened to the other parts since.
 */
export const verdictOf = (reservations: readonly Reservation[]): Verdict => {
  if (reservations.some((reservation) => reservation.state === 'refused')) return 'rejected'
  if (reservations.some((reservation) => reservation.state === 'released')) return 'released'
  return reservations.every((reservation) => reservation.state === 'committed') ? 'committed' : 'reserved'
}

/**
 * The reservations that still stand although another partition refused the order, or has already released its part.
 * They are released before anything is reported.
 */
export const reservationsToCompensate = (reservations: readonly Reservation[]): Reservation[] => {
  const verdict = verdictOf(reservations)
  const hasEnded = verdict === 'rejected' || verdict === 'released'
  return hasEnded ? reservations.filter(isStanding) : []
}

const isStanding = ({ state }: Reservation): boolean => state === 'reserved' || state === 'committed'

/** The report on any event about the order: its leg as it stands. */
export const reportFor = (
  cause: DomainEvent,
  orderId: string,
  reservations: readonly Reservation[],
): InventoryReport => {
  const verdict = verdictOf(reservations)
  const common = { subject: orderId, at: lastChange(reservations), revision: RANK[verdict], cause }
  const lines = reservations.flatMap((reservation) => [...reservation.lines])
  switch (verdict) {
    case 'reserved':
      return createEvent({ ...common, type: 'StockReserved', data: { orderId, lines } })
    case 'committed':
      return createEvent({ ...common, type: 'StockCommitted', data: { orderId, lines } })
    case 'released':
      return createEvent({ ...common, type: 'StockReleased', data: { orderId, lines } })
    case 'rejected':
      return createEvent({
        ...common,
        type: 'StockRejected',
        data: {
          orderId,
          lines: reservations.flatMap((reservation) =>
            reservation.state === 'refused' ? [...reservation.shortages] : [],
          ),
        },
      })
    default:
      return assertNever(verdict)
  }
}

/** Stock has been reserved for a long time. Asks the order service for the order's decision. */
export const reservationOverdue = (reservation: Reservation, now: Instant): EventOf<'ReservationOverdue'> =>
  createEvent({
    type: 'ReservationOverdue',
    subject: reservation.orderId,
    occurrence: String(now),
    at: now,
    revision: RANK.reserved,
    data: { orderId: reservation.orderId },
  })

/** A leg only moves forward. Its revision is its rank. */
const RANK: Record<Verdict, number> = { reserved: 1, committed: 2, released: 3, rejected: 3 }

const lastChange = (reservations: readonly Reservation[]): Instant => Math.max(...reservations.map(changedAt))

const changedAt = (reservation: Reservation): Instant => {
  switch (reservation.state) {
    case 'refused':
      return reservation.refusedAt
    case 'reserved':
      return reservation.reservedAt
    case 'committed':
      return reservation.committedAt
    case 'released':
      return reservation.releasedAt
    default:
      return assertNever(reservation)
  }
}
