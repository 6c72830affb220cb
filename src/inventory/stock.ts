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

const reservationSchema = z.object({ orderId: z.string(), lines: z.array(stockLineSchema).readonly() }).and(
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
 * One partition's part of one order, with its vote. The vote is written once and never changes: `refused` is a no, with
 * its shortages; a reservation with `reservedAt` was a yes. `released` without `reservedAt` is a tombstone: the order
 * was released before it came, so it takes nothing when it comes.
 */
export type Reservation = z.infer<typeof reservationSchema>

export const RESERVATION = storedType('hold', reservationSchema)

export type StockCommand = {
  kind: 'reserve' | 'commit' | 'release'
  orderId: string
  /** The lines of the order that lie in this partition; one for each product. */
  lines: readonly StockLine[]
  /** When the event behind the command happened. Missing where a Worker of the version before has it. */
  at?: Instant
  /** The trace of the event behind the command. */
  traceparent?: string | undefined
}

export type Levels = ReadonlyMap<string, Level>

/** The result of a command: the reservation (none where there is nothing to commit) and the levels that changed. */
export type StockChange = { reservation: Reservation | undefined; levels: readonly Level[] }

export const available = (level: Level): number => level.onHand - level.reserved

/** Applies one command. A repeated, late or overtaken command changes nothing. */
export const applyCommand = (
  reservation: Reservation | undefined,
  command: StockCommand,
  levels: Levels,
  now: Instant,
): StockChange => {
  switch (command.kind) {
    case 'reserve':
      return reservation === undefined ? reserve(command, levels, now) : unchanged(reservation)
    case 'commit':
      return reservation?.state === 'reserved' ? commit(reservation, levels, now) : unchanged(reservation)
    case 'release':
      return release(reservation, command, levels, now)
    default:
      return assertNever(command.kind)
  }
}

const unchanged = (reservation: Reservation | undefined): StockChange => ({ reservation, levels: [] })

const reserve = ({ orderId, lines }: StockCommand, levels: Levels, now: Instant): StockChange => {
  const shortages = lines.flatMap((line) => shortageOf(line, levels.get(line.productId)))
  if (shortages.length > 0) {
    return unchanged({ orderId, lines, state: 'refused', refusedAt: now, shortages })
  }
  const reservation: Reservation = { orderId, lines, state: 'reserved', reservedAt: now }
  return { reservation, levels: move(reservation, levels, (quantity) => ({ onHand: 0, reserved: quantity })) }
}

const shortageOf = (line: StockLine, level: Level | undefined): Shortage[] => {
  const left = level === undefined ? 0 : available(level)
  return line.quantity > left
    ? [{ productId: line.productId, requested: line.quantity, available: left }]
    : []
}

const commit = (
  reservation: Reservation & { state: 'reserved' },
  levels: Levels,
  now: Instant,
): StockChange => ({
  reservation: { ...reservation, state: 'committed', committedAt: now },
  levels: move(reservation, levels, (quantity) => ({ onHand: -quantity, reserved: -quantity })),
})

const release = (
  reservation: Reservation | undefined,
  { orderId, lines }: StockCommand,
  levels: Levels,
  now: Instant,
): StockChange => {
  if (reservation === undefined) return unchanged({ orderId, lines, state: 'released', releasedAt: now })
  if (reservation.state === 'reserved') {
    const levelsAfter = move(reservation, levels, (quantity) => ({ onHand: 0, reserved: -quantity }))
    return { reservation: { ...reservation, state: 'released', releasedAt: now }, levels: levelsAfter }
  }
  if (reservation.state === 'committed') {
    const levelsAfter = move(reservation, levels, (quantity) => ({ onHand: quantity, reserved: 0 }))
    return { reservation: { ...reservation, state: 'released', releasedAt: now }, levels: levelsAfter }
  }
  return unchanged(reservation)
}

const move = (
  reservation: Reservation,
  levels: Levels,
  change: (quantity: number) => { onHand: number; reserved: number },
): Level[] =>
  reservation.lines.map(({ productId, quantity }) => {
    const level = levels.get(productId)
    if (level === undefined)
      throw new Error(`Broken invariant: ${reservation.orderId} holds ${productId}, which is gone`)
    const by = change(quantity)
    return { productId, onHand: level.onHand + by.onHand, reserved: level.reserved + by.reserved }
  })

export type AdjustmentRefusal = 'insufficient_stock' | 'stock_limit_exceeded'

/** A thousand times the largest adjustment, and far inside the range of exact integers. */
export const ON_HAND_MAX = 1_000_000_000_000

/** The level after a receipt or a correction, or why it is refused: reserved units are promised to orders. */
export const adjust = (level: Level, delta: number): Level | AdjustmentRefusal => {
  const onHand = level.onHand + delta
  if (onHand < level.reserved) return 'insufficient_stock'
  if (onHand > ON_HAND_MAX) return 'stock_limit_exceeded'
  return { ...level, onHand }
}
