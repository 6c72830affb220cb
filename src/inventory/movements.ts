import { z } from 'zod'
import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'
import type { Reservation } from './stock.ts'

/** One line of the ledger. */
export type Movement = {
  /** Derived from the movement, so that a second write of it changes nothing. */
  movementId: string
  productId: string
  kind: 'receipt' | 'adjustment' | 'reservation' | 'commit' | 'release' | 'return'
  /** Units. Below zero only for an adjustment that reduces the stock. */
  quantity: number
  at: Instant
  orderId?: string
  reason?: string
}

/**
 * One row of the ledger: the movement that it is named for and, with `reservedAt`, the reservation that came before it.
 */
export type LedgerRow = Movement & { reservedAt?: Instant }

/**
 * A reservation shares a row with the commit or release that follows it within this time. A page of the ledger looks so
 * far beyond its end for rows whose reservation belongs on the page. Most orders are decided within a second; a
 * reservation that stays open longer gets a row of its own.
 */
export const SHARED_ROW_MS_MAX = 5 * SECOND_MS

/**
 * The rows of a reservation so far: usually one for each product. Its movements never change, so rows are only added. A
 * reservation that was written while it was open is in the ledger twice, once alone; a page shows it once.
 */
export const ledgerRowsOf = (reservation: Reservation): LedgerRow[] => {
  const movements = movementsOf(reservation)
  const reservedAt = movements.find(({ kind }) => kind === 'reservation')?.at
  const closing = movements.find(({ kind }) => kind === 'commit' || kind === 'release')
  if (reservedAt === undefined || closing === undefined || !sharesRow(reservedAt, closing.at))
    return movements
  return movements
    .filter(({ kind }) => kind !== 'reservation')
    .map((movement) => (movement.kind === closing.kind ? { ...movement, reservedAt } : movement))
}

/** A row is later than the reservation that shares it, also where a clock was set back in between. */
const sharesRow = (reservedAt: Instant, closedAt: Instant): boolean =>
  closedAt > reservedAt && closedAt - reservedAt <= SHARED_ROW_MS_MAX

/** All movements of a reservation so far. */
export const movementsOf = (reservation: Reservation): Movement[] => {
  if (reservation.state === 'refused') return []
  const steps: [Movement['kind'], Instant | undefined][] = [
    ['reservation', reservation.reservedAt],
    ['commit', 'committedAt' in reservation ? reservation.committedAt : undefined],
    ...(reservation.state === 'released' ? [releaseStep(reservation)] : []),
  ]
  return steps.flatMap(([kind, at]) =>
    at === undefined ? [] : reservation.lines.map((line) => movement(reservation.orderId, line, kind, at)),
  )
}

/** A tombstone's release moves nothing. The release after a commit is a return. */
const releaseStep = (
  reservation: Reservation & { state: 'released' },
): [Movement['kind'], Instant | undefined] => {
  if (reservation.reservedAt === undefined) return ['release', undefined]
  return [reservation.committedAt === undefined ? 'release' : 'return', reservation.releasedAt]
}

const movement = (
  orderId: string,
  line: { productId: string; quantity: number },
  kind: Movement['kind'],
  at: Instant,
): Movement => ({
  movementId: `${orderId}/${kind}`,
  productId: line.productId,
  kind,
  quantity: line.quantity,
  at,
  orderId,
})

const adjustmentSchema = z.object({
  adjustmentId: z.string(),
  productId: z.string(),
  delta: z.number(),
  reason: z.string(),
  at: z.number(),
})

export type Adjustment = z.infer<typeof adjustmentSchema>

export const ADJUSTMENT = storedType('adjustment', adjustmentSchema)

export const movementOfAdjustment = (adjustment: Adjustment): Movement => ({
  movementId: adjustment.adjustmentId,
  productId: adjustment.productId,
  kind: adjustment.delta > 0 && adjustment.reason === 'receipt' ? 'receipt' : 'adjustment',
  quantity: adjustment.delta,
  at: adjustment.at,
  reason: adjustment.reason,
})
