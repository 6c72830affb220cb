import { z } from 'zod'
import type { Instant } from '../kernel/instant.ts'
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
