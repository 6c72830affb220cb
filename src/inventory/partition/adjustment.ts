import { z } from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest, StoredResponse } from '../../messaging/idempotency.ts'
import { type Done, workOnceWithin } from '../../messaging/idempotent-work.ts'
import { listingAt } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'
import { type AdjustmentRefusal, adjust, type Level } from '../stock.ts'
import { insertAdjustment } from './adjustment-store.ts'
import type { Occasion } from './stock-facts.ts'
import { loadProducts, type StockRow } from './stock-store.ts'
import type { StockWalks } from './stock-walk.ts'

export type AdjustRequest = {
  adjustmentId: string
  productId: string
  delta: number
  reason: string
  request: IdempotentRequest | undefined
  traceparent?: string | undefined
}

export type LevelView = Level & { updatedAt: Instant }

type Adjusted = { level: LevelView }

type Refused = { code: AdjustmentRefusal | 'product_not_found'; level?: Level }

export type AdjustReply = Result<
  Adjusted & { isReplay: boolean },
  Refused | { code: 'idempotency_key_reused'; level?: Level } | TooMany
>

type Ports = {
  host: PartitionHost
  keys: HourlyAllowance
  storeLevel(row: StockRow, after: Level, at: Occasion): StockRow
  walks: Pick<StockWalks, 'adjusted'>
}

/** Corrects levels by hand. Used in a turn. */
export const createAdjustment = ({ host, keys, storeLevel, walks }: Ports) => {
  const { sql } = host

  const store = ({ row, after }: Admitted, wanted: AdjustRequest): Done<Adjusted> => {
    const { adjustmentId, productId, delta, reason, traceparent } = wanted
    const now = host.now()
    const dueAt = listingAt(now)
    const adjustment = { adjustmentId, productId, delta, reason, at: now }
    insertAdjustment(sql, adjustment, dueAt)
    walks.adjusted(adjustment)
    host.wakeBy(dueAt)
    const level = viewLevel(storeLevel(row, after, { now, traceparent }))
    return {
      reply: { level },
      toStore: () => ({ status: 200, body: storedLevel(level), subject: productId }),
    }
  }

  return (wanted: AdjustRequest): AdjustReply => {
    const { productId, delta, request } = wanted
    return workOnceWithin<Adjusted, Admitted, Refused>(
      { host, keys },
      {
        request,
        replay: (stored) => ({ level: levelThen(stored) }),
        admit: () => adjustable(loadProducts(sql, [productId]).get(productId), delta),
        work: (admitted) => success(store(admitted, wanted)),
      },
    )
  }
}

type Admitted = { row: StockRow; after: Level }

const adjustable = (row: StockRow | undefined, delta: number): Result<Admitted, Refused> => {
  if (row === undefined) return refusal({ code: 'product_not_found' })
  const after = adjust(row, delta)
  return typeof after === 'string' ? refusal({ code: after, level: levelOf(row) }) : success({ row, after })
}

const levelOf = ({ productId, onHand, reserved }: Level): Level => ({ productId, onHand, reserved })

export const viewLevel = (row: StockRow): LevelView => ({ ...levelOf(row), updatedAt: row.updatedAt })

const levelViewSchema = z.object({
  productId: z.string(),
  onHand: z.number(),
  reserved: z.number(),
  updatedAt: z.number(),
})

/** The level in the first response: on hand, reserved, and its time. Older code stored the view itself. */
export const STORED_LEVEL = storedType(
  'response to an adjustment',
  z.union([z.tuple([z.number(), z.number(), z.number()]), levelViewSchema]),
)

const storedLevel = ({ onHand, reserved, updatedAt }: LevelView): string =>
  toStored(STORED_LEVEL, [onHand, reserved, updatedAt])

const levelThen = ({ body, subject }: StoredResponse): LevelView => {
  const stored = readStored(STORED_LEVEL, body ?? 'null')
  if (!Array.isArray(stored)) return stored
  const [onHand, reserved, updatedAt] = stored
  return { productId: subject, onHand, reserved, updatedAt }
}
