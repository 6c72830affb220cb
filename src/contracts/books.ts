import { z } from 'zod'

/*
 * What the services tell the edge of their books, for the audit. It crosses their bindings, never a queue. Amounts are in
 * minor units.
 */

const linesSchema = z.array(z.object({ productId: z.string(), quantity: z.number() })).readonly()

/** What an order says of itself. `lines` has one for each product. */
export type OrderBook = {
  orderId: string
  version: number
  status: 'pending' | 'confirmed' | 'rejected' | 'cancelled'
  isSettled: boolean
  currency: string
  totalMinor: number
  lines: z.infer<typeof linesSchema>
}

/** One stock partition's part of an order. */
const reservationBookSchema = z.object({
  orderId: z.string(),
  state: z.enum(['refused', 'reserved', 'committed', 'released']),
  lines: linesSchema,
})

export type ReservationBook = z.infer<typeof reservationBookSchema>

const paymentBookSchema = z.object({
  orderId: z.string(),
  status: z.string(),
  currency: z.string(),
  amountMinor: z.number(),
  capturedMinor: z.number(),
  refundedMinor: z.number(),
})

export type PaymentBook = z.infer<typeof paymentBookSchema>

/** What the bank has for an order: held, captured and refunded. */
const bankBalanceSchema = z.object({
  heldMinor: z.number(),
  capturedMinor: z.number(),
  refundedMinor: z.number(),
})

export type BankBalance = z.infer<typeof bankBalanceSchema>

/**
 * A payment beside the bank's books. `under way`: the bank may be about to do something, or the payment changed while its
 * books were read. `unread`: the bank did not say.
 */
const bankBookSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['under way', 'unread']), orderId: z.string() }),
  z.object({ kind: z.literal('read'), payment: paymentBookSchema, bank: bankBalanceSchema }),
])

export type BankBook = z.infer<typeof bankBookSchema>

/** Rows in the order of their orders' ids. Without `readTo` there are no more; with it, all up to this id are here. */
const portionOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ rows: z.array(row), readTo: z.string().optional() })

export type Portion<Row> = { rows: Row[]; readTo?: string | undefined }

export const reservationsSchema = portionOf(reservationBookSchema)
export const paymentsSchema = portionOf(paymentBookSchema)
export const bankBooksSchema = z.array(bankBookSchema)

const sumsSchema = z.object({ onHand: z.number(), reserved: z.number() })

/** What a product has: as its level says, and as its adjustments and reservations add up. */
const productBookSchema = z.object({ productId: z.string(), level: sumsSchema, sum: sumsSchema })

export type ProductBook = z.infer<typeof productBookSchema>

/**
 * A step of a walk through one stock partition. `lost`: the partition does not know the walk, so it has to begin again.
 * `ended`: `differing` are the products that do not add up.
 */
export const stockStepSchema = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['walking', 'lost']) }),
  z.object({
    state: z.literal('ended'),
    products: z.number(),
    differing: z.array(productBookSchema),
  }),
])

export type StockStep = z.infer<typeof stockStepSchema>

/** `isFirst`: the walk begins. */
export type StockWalk = { walkId: string; isFirst: boolean }

/** What the edge asks of the inventory Worker, over its binding. No HTTP request reaches it. */
export type InventoryBooks = {
  countStockPartitions(): Promise<number>
  walkStock(index: number, walk: StockWalk): Promise<unknown>
  reservationsAfter(orderId: string, limit: number): Promise<unknown>
}

/** The same of the payment Worker. */
export type PaymentBooks = {
  paymentsAfter(orderId: string, limit: number): Promise<unknown>
  bankBooks(orderIds: readonly string[]): Promise<unknown>
}

/** The first `limit` rows after an id, of several portions that each begin there. */
export const mergedPortions = <Row extends { orderId: string }>(
  portions: readonly Portion<Row>[],
): Portion<Row> => {
  const ends = portions.flatMap(({ readTo }) => readTo ?? [])
  // As SQLite does, this compares texts of ASCII by their codes.
  const [readTo] = ends.toSorted()
  const rows = portions
    .flatMap((portion) => portion.rows)
    .filter(({ orderId }) => readTo === undefined || orderId <= readTo)
  return { rows, ...(readTo !== undefined && { readTo }) }
}

/** A portion that was read with this limit: a full one may have more after it. */
export const portionFrom = <Row extends { orderId: string }>(
  rows: readonly Row[],
  limit: number,
): Portion<Row> => {
  const last = rows.length < limit ? undefined : rows.at(-1)
  return { rows: [...rows], ...(last !== undefined && { readTo: last.orderId }) }
}
