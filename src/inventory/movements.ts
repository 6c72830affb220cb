import { z } from 'zod'
import type { Instant } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'
import type { Hold } from './stock.ts'

/** One line of the ledger. */
export type Movement = {
  /** Derived from what moved, so that writing it twice is writing it once. */
  movementId: string
  productId: string
  kind: 'receipt' | 'adjustment' | 'reservation' | 'commit' | 'release' | 'return'
  /** Units; below zero only for an adjustment that takes away. */
  quantity: number
  at: Instant
  orderId?: string
  reason?: string
}

/** Everything a hold has moved so far. */
export const movementsOf = (hold: Hold): Movement[] => {
  if (hold.state === 'refused') return []
  const steps: [Movement['kind'], Instant | undefined][] = [
    ['reservation', hold.reservedAt],
    ['commit', 'committedAt' in hold ? hold.committedAt : undefined],
    ...(hold.state === 'released' ? [releaseStep(hold)] : []),
  ]
  return steps.flatMap(([kind, at]) =>
    at === undefined ? [] : hold.lines.map((line) => movement(hold.orderId, line, kind, at)),
  )
}

/** What was never reserved moves nothing when it is let go; what was committed comes back. */
const releaseStep = (hold: Hold & { state: 'released' }): [Movement['kind'], Instant | undefined] => {
  if (hold.reservedAt === undefined) return ['release', undefined]
  return [hold.committedAt === undefined ? 'release' : 'return', hold.releasedAt]
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
