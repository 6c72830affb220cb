import { createEvent, type DomainEvent, type EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Hold } from './stock.ts'

export type InventoryAnswer = EventOf<'StockReserved' | 'StockRejected' | 'StockCommitted' | 'StockReleased'>

/** The inventory's leg of an order: what all partitions that have a part in it say together. */
export type Verdict = 'reserved' | 'rejected' | 'committed' | 'released'

/**
 * The verdict is the AND of the votes, and votes never change, so every delivery computes the same one: one no
 * rejects, whatever became of the others since.
 */
export const verdictOf = (holds: readonly Hold[]): Verdict => {
  if (holds.some((hold) => hold.state === 'refused')) return 'rejected'
  if (holds.some((hold) => hold.state === 'released')) return 'released'
  return holds.every((hold) => hold.state === 'committed') ? 'committed' : 'reserved'
}

/**
 * Holds that stand although another partition refused, or was told to let go where the call to this one failed:
 * they are let go before anything is answered.
 */
export const heldInVain = (holds: readonly Hold[]): Hold[] => {
  const verdict = verdictOf(holds)
  const hasEnded = verdict === 'rejected' || verdict === 'released'
  return hasEnded ? holds.filter((hold) => hold.state === 'reserved' || hold.state === 'committed') : []
}

/** The answer to any event about the order: its leg as it stands. */
export const answerFor = (cause: DomainEvent, orderId: string, holds: readonly Hold[]): InventoryAnswer => {
  const verdict = verdictOf(holds)
  const common = { subject: orderId, at: lastChange(holds), revision: RANK[verdict], cause }
  const lines = holds.flatMap((hold) => [...hold.lines])
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
          lines: holds.flatMap((hold) => (hold.state === 'refused' ? [...hold.shortages] : [])),
        },
      })
    default:
      return assertNever(verdict)
  }
}

/** Stock has been reserved for long, and the order service is asked what is to become of it. */
export const reservationOverdue = (hold: Hold, now: Instant): EventOf<'ReservationOverdue'> =>
  createEvent({
    type: 'ReservationOverdue',
    subject: hold.orderId,
    occurrence: String(now),
    at: now,
    revision: RANK.reserved,
    data: { orderId: hold.orderId },
  })

/** Legs only move forward; a leg's revision says how far it has come. */
const RANK: Record<Verdict, number> = { reserved: 1, committed: 2, released: 3, rejected: 3 }

const lastChange = (holds: readonly Hold[]): Instant => Math.max(...holds.map(changedAt))

const changedAt = (hold: Hold): Instant => {
  switch (hold.state) {
    case 'refused':
      return hold.refusedAt
    case 'reserved':
      return hold.reservedAt
    case 'committed':
      return hold.committedAt
    case 'released':
      return hold.releasedAt
    default:
      return assertNever(hold)
  }
}
