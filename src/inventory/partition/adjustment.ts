import { z } from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import { type IdempotentRequest, recall, remember, type StoredAnswer } from '../../messaging/idempotency.ts'
import { LISTING_DELAY_MS } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'
import { type AdjustmentRefusal, adjust, type Level } from '../stock.ts'
import type { Occasion } from './stock-facts.ts'
import { insertAdjustment, loadProducts, type StockRow } from './stock-store.ts'

export type AdjustRequest = {
  adjustmentId: string
  productId: string
  delta: number
  reason: string
  request: IdempotentRequest | undefined
  traceparent?: string | undefined
}

export type LevelView = Level & { updatedAt: Instant }

export type AdjustAnswer = Result<
  { level: LevelView; isReplay: boolean },
  { code: AdjustmentRefusal | 'product_not_found' | 'idempotency_key_reused'; level?: Level } | TooMany
>

type Ports = {
  host: PartitionHost
  keys: HourlyAllowance
  storeLevel(row: StockRow, after: Level, at: Occasion): StockRow
}

/** How levels are corrected by hand. Used in a turn. */
export const createAdjusting = ({ host, keys, storeLevel }: Ports) => {
  const { sql } = host

  const take = (row: StockRow, adjusted: Level, wanted: AdjustRequest): LevelView => {
    const { adjustmentId, productId, delta, reason, request, traceparent } = wanted
    const now = host.now()
    const dueAt = now + LISTING_DELAY_MS
    insertAdjustment(sql, { adjustmentId, productId, delta, reason, at: now }, dueAt)
    host.wakeBy(dueAt)
    const level = viewLevel(storeLevel(row, adjusted, { now, traceparent }))
    remember(sql, request, { status: 200, body: keptLevel(level), subject: productId }, now)
    keys.count(request?.client)
    return level
  }

  return (wanted: AdjustRequest): AdjustAnswer => {
    const { productId, delta, request } = wanted
    const recalled = recall(sql, request, host.now())
    if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
    if (recalled.kind === 'replay') return success({ level: levelThen(recalled.answer), isReplay: true })
    const row = loadProducts(sql, [productId]).get(productId)
    if (row === undefined) return refusal({ code: 'product_not_found' })
    const adjusted = adjust(row, delta)
    if (typeof adjusted === 'string') return refusal({ code: adjusted, level: levelOf(row) })
    const retryAfterSeconds = keys.retryAfterSeconds(request?.client)
    if (retryAfterSeconds !== undefined) return refusal({ code: 'rate_limited', retryAfterSeconds })
    return success({ level: take(row, adjusted, wanted), isReplay: false })
  }
}

const levelOf = ({ productId, onHand, reserved }: Level): Level => ({ productId, onHand, reserved })

export const viewLevel = (row: StockRow): LevelView => ({ ...levelOf(row), updatedAt: row.updatedAt })

const levelViewSchema = z.object({
  productId: z.string(),
  onHand: z.number(),
  reserved: z.number(),
  updatedAt: z.number(),
})

/** The level as it was then: on hand, reserved, and when. Older code kept the view. */
export const STORED_LEVEL = storedType(
  'response to an adjustment',
  z.union([z.tuple([z.number(), z.number(), z.number()]), levelViewSchema]),
)

const keptLevel = ({ onHand, reserved, updatedAt }: LevelView): string =>
  toStored(STORED_LEVEL, [onHand, reserved, updatedAt])

const levelThen = ({ body, subject }: StoredAnswer): LevelView => {
  const kept = readStored(STORED_LEVEL, body ?? 'null')
  if (!Array.isArray(kept)) return kept
  const [onHand, reserved, updatedAt] = kept
  return { productId: subject, onHand, reserved, updatedAt }
}
