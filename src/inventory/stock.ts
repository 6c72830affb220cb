import { z } from 'zod'
import { instantField } from '../contracts/fields.ts'
import { assertNever } from '../kernel/assert.ts'
import type { Instant } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'

export type Level = { productId: string; onHand: number; reserved: number }

const stockLineSchema = z.object({ productId: z.string(), quantity: z.number() })

export type StockLine = z.infer<typeof stockLineSchema>

const shortageSchema = z.object({ productId: z.string(), requested: z.number(), available: z.number() })

export type Shortage = z.infer<typeof shortageSchema>

const holdSchema = z.object({ orderId: z.string(), lines: z.array(stockLineSchema).readonly() }).and(
  z.discriminatedUnion('state', [
    z.object({
      state: z.literal('refused'),
      refusedAt: instantField,
      shortages: z.array(shortageSchema).readonly(),
    }),
    z.object({ state: z.literal('reserved'), reservedAt: instantField }),
    z.object({ state: z.literal('committed'), reservedAt: instantField, committedAt: instantField }),
    z.object({
      state: z.literal('released'),
      reservedAt: instantField.exactOptional(),
      committedAt: instantField.exactOptional(),
      releasedAt: instantField,
    }),
  ]),
)

/**
 * One partition's part of one order. Its vote is written once and never changes: `refused` is a no with the
 * shortages it was about, everything with `reservedAt` was a yes. `released` without `reservedAt` is a tombstone:
 * the order was let go before it came, and when it comes it takes nothing.
 */
export type Hold = z.infer<typeof holdSchema>

export const HOLD = storedType('hold', holdSchema)

export type StockCommand = {
  kind: 'reserve' | 'commit' | 'release'
  orderId: string
  /** What this partition holds of the order; one line for each product. */
  lines: readonly StockLine[]
  /** Of the event that commands it. */
  traceparent?: string | undefined
}

export type Levels = ReadonlyMap<string, Level>

/** What a command left: the hold (none where there is nothing to commit) and the levels that changed. */
export type StockChange = { hold: Hold | undefined; levels: readonly Level[] }

export const available = (level: Level): number => level.onHand - level.reserved

/** Applies one command. Repeated, late and overtaken commands change nothing. */
export const applyCommand = (
  hold: Hold | undefined,
  command: StockCommand,
  levels: Levels,
  now: Instant,
): StockChange => {
  switch (command.kind) {
    case 'reserve':
      return hold === undefined ? reserve(command, levels, now) : unchanged(hold)
    case 'commit':
      return hold?.state === 'reserved' ? commit(hold, levels, now) : unchanged(hold)
    case 'release':
      return release(hold, command, levels, now)
    default:
      return assertNever(command.kind)
  }
}

const unchanged = (hold: Hold | undefined): StockChange => ({ hold, levels: [] })

const reserve = ({ orderId, lines }: StockCommand, levels: Levels, now: Instant): StockChange => {
  const shortages = lines.flatMap((line) => shortageOf(line, levels.get(line.productId)))
  if (shortages.length > 0) {
    return unchanged({ orderId, lines, state: 'refused', refusedAt: now, shortages })
  }
  const hold: Hold = { orderId, lines, state: 'reserved', reservedAt: now }
  return { hold, levels: move(hold, levels, (quantity) => ({ onHand: 0, reserved: quantity })) }
}

const shortageOf = (line: StockLine, level: Level | undefined): Shortage[] => {
  const left = level === undefined ? 0 : available(level)
  return line.quantity > left
    ? [{ productId: line.productId, requested: line.quantity, available: left }]
    : []
}

const commit = (hold: Hold & { state: 'reserved' }, levels: Levels, now: Instant): StockChange => ({
  hold: { ...hold, state: 'committed', committedAt: now },
  levels: move(hold, levels, (quantity) => ({ onHand: -quantity, reserved: -quantity })),
})

const release = (
  hold: Hold | undefined,
  { orderId, lines }: StockCommand,
  levels: Levels,
  now: Instant,
): StockChange => {
  if (hold === undefined) return unchanged({ orderId, lines, state: 'released', releasedAt: now })
  if (hold.state === 'reserved') {
    const levelsAfter = move(hold, levels, (quantity) => ({ onHand: 0, reserved: -quantity }))
    return { hold: { ...hold, state: 'released', releasedAt: now }, levels: levelsAfter }
  }
  if (hold.state === 'committed') {
    const levelsAfter = move(hold, levels, (quantity) => ({ onHand: quantity, reserved: 0 }))
    return { hold: { ...hold, state: 'released', releasedAt: now }, levels: levelsAfter }
  }
  return unchanged(hold)
}

const move = (
  hold: Hold,
  levels: Levels,
  change: (quantity: number) => { onHand: number; reserved: number },
): Level[] =>
  hold.lines.map(({ productId, quantity }) => {
    const level = levels.get(productId)
    if (level === undefined)
      throw new Error(`Broken invariant: ${hold.orderId} holds ${productId}, which is gone`)
    const by = change(quantity)
    return { productId, onHand: level.onHand + by.onHand, reserved: level.reserved + by.reserved }
  })

export type AdjustmentRefusal = 'insufficient_stock' | 'stock_limit_exceeded'

/** A thousand times the largest adjustment: far inside exact integers. */
export const ON_HAND_MAX = 1_000_000_000_000

/** The level after a receipt or a correction, or why it cannot be: what is reserved is promised. */
export const adjust = (level: Level, delta: number): Level | AdjustmentRefusal => {
  const onHand = level.onHand + delta
  if (onHand < level.reserved) return 'insufficient_stock'
  if (onHand > ON_HAND_MAX) return 'stock_limit_exceeded'
  return { ...level, onHand }
}
