import type { Reservation } from '../../../src/inventory/stock.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import type { Order } from '../../../src/order/order.ts'
import type { Platform } from '../platform/platform.ts'

/**
 * The documents of a stock partition. The same text is parsed once, because most rows have not changed since the last
 * look.
 */
export const createDocuments = () => {
  const parsed = new Map<string, unknown>()
  const parse = (text: string): unknown => {
    const known = parsed.get(text) ?? JSON.parse(text)
    parsed.set(text, known)
    return known
  }
  const read = (sql: Sql, query: string): unknown[] =>
    sql<{ document: string }>(query).map(({ document }) => parse(document))
  return {
    reservations: (sql: Sql) => read(sql, 'SELECT document FROM holds') as Reservation[],
    adjustments: (sql: Sql) =>
      read(sql, 'SELECT document FROM adjustments') as { productId: string; delta: number }[],
  }
}

type Documents = ReturnType<typeof createDocuments>

/** The order was not confirmed and is settled, so no stock is set aside for it any more. */
export const isWithoutStock = (order: Order): boolean =>
  (order.status === 'rejected' || order.status === 'cancelled') && order.settledAt !== undefined

/** The watchdog would find such a reservation an hour later. It must not exist in the first place. */
export const checkReservations = (
  platform: Platform,
  reservations: readonly Reservation[],
  orderOf: (orderId: string) => Order | undefined,
): void => {
  for (const reservation of reservations) {
    if (reservation.state !== 'reserved' && reservation.state !== 'committed') continue
    const order = orderOf(reservation.orderId)
    if (order === undefined || !isWithoutStock(order)) continue
    const what = `${reservation.orderId}: ${JSON.stringify(reservation)}`
    platform.violated('a settled order that was not confirmed has no stock', what)
  }
}

/** The levels of a stock partition follow from its own rows: what it received, reserved and committed. */
export const checkLevels = (
  platform: Pick<Platform, 'violated'>,
  name: string,
  { sql, documents }: { sql: Sql; documents: Documents },
): void => {
  const expected = expectedLevels(sql, documents)
  for (const row of sql<{ product_id: string; on_hand: number; reserved: number }>(
    'SELECT product_id, on_hand, reserved FROM products',
  )) {
    const { onHand, reserved } = expected.get(row.product_id) ?? { onHand: 0, reserved: 0 }
    const isRight = row.on_hand === onHand && row.reserved === reserved && reserved >= 0 && onHand >= reserved
    if (isRight) continue
    platform.violated(
      'received = on hand + committed, on hand = available + reserved, all at least 0',
      `${name} ${row.product_id}: ${row.on_hand} on hand and ${row.reserved} reserved, by its rows ${onHand} and ${reserved}`,
    )
  }
}

/** What a partition's rows come to, and what has left of them. */
const expectedLevels = (sql: Sql, documents: Documents) => {
  const expected = new Map<string, { onHand: number; reserved: number }>()
  const levelOf = (productId: string) => {
    const level = expected.get(productId) ?? { onHand: 0, reserved: 0 }
    expected.set(productId, level)
    return level
  }
  for (const { productId, delta } of documents.adjustments(sql)) levelOf(productId).onHand += delta
  for (const reservation of documents.reservations(sql)) {
    for (const { productId, quantity } of reservation.lines) {
      if (reservation.state === 'reserved') levelOf(productId).reserved += quantity
      if (reservation.state === 'committed') levelOf(productId).onHand -= quantity
    }
  }
  for (const { product_id, committed } of departedStock(sql)) levelOf(product_id).onHand -= committed
  return expected
}

/** What has left. A partition of an earlier release has no such table until the code of today has opened it. */
const departedStock = (sql: Sql): { product_id: string; committed: number }[] => {
  if (!MIGRATED.has(sql) && sql("SELECT 1 FROM sqlite_schema WHERE name = 'departed_stock'").length === 0)
    return []
  MIGRATED.add(sql)
  return sql('SELECT product_id, committed FROM departed_stock')
}

/** Partitions that have the table: one look at the schema is enough for each. */
const MIGRATED = new WeakSet<Sql>()
