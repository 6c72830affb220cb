import type { Instant } from '../../kernel/instant.ts'
import { COUNTS_COLUMN } from '../../messaging/counters.ts'
import { FEED_TABLE } from '../../messaging/feed-switch.ts'
import { KEYS_TABLE, OLD_KEYS_TABLE } from '../../messaging/idempotency.ts'
import { FILLING_TABLE } from '../../messaging/list-filling-store.ts'
import { WATERMARKS_TABLE } from '../../messaging/recent-rows.ts'
import { ROW_DEPARTURE_TABLES } from '../../messaging/row-departures.ts'
import { additive } from '../../messaging/schema.ts'
import { isOneOf, type Sql } from '../../messaging/sql.ts'
import { readStored, toStored } from '../../messaging/stored-document.ts'
import type { Product } from '../product.ts'
import { type Level, RESERVATION, type Reservation } from '../stock.ts'
import { DEPARTED_STOCK_TABLE } from './departed-sums.ts'

/** A row of `products` has the position that it took when it last changed while the product feed was on. */
const PRODUCT_FEED = `${FEED_TABLE};
  ALTER TABLE products ADD COLUMN position INTEGER;
  CREATE INDEX products_by_position ON products (position) WHERE position IS NOT NULL`

/** When the position was taken, for the lag of readers. Rows of older code have none. */
const POSITION_TIMES = 'ALTER TABLE products ADD COLUMN position_taken_at INTEGER'

/** The tables of a stock partition. What is deployed never changes; append. */
export const STOCK_TABLES = [
  `CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE products (
    product_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    unit_price_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    revision INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    level_revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (reserved >= 0 AND on_hand >= reserved)
  ) WITHOUT ROWID;
  CREATE TABLE holds (
    order_id TEXT PRIMARY KEY,
    due_at INTEGER,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX holds_due ON holds (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE adjustments (
    adjustment_id TEXT PRIMARY KEY,
    due_at INTEGER,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX adjustments_due ON adjustments (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE facts (
    fact_id TEXT PRIMARY KEY,
    due_at INTEGER,
    sends INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    is_listed INTEGER NOT NULL,
    is_noted INTEGER NOT NULL,
    event TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX facts_due ON facts (due_at) WHERE due_at IS NOT NULL;
  ${OLD_KEYS_TABLE}`,
  KEYS_TABLE,
  WATERMARKS_TABLE,
  COUNTS_COLUMN,
  additive(FILLING_TABLE),
  additive(`${ROW_DEPARTURE_TABLES}; ${DEPARTED_STOCK_TABLE}`),
  additive(PRODUCT_FEED),
  additive(POSITION_TIMES),
] as const

/** A product with its level. */
export type StockRow = Product & Level & { levelRevision: number; updatedAt: Instant }

export type StoredProduct = {
  product_id: string
  name: string
  unit_price_minor: number
  currency: string
  revision: number
  on_hand: number
  reserved: number
  level_revision: number
  updated_at: number
}

export const loadProducts = (sql: Sql, productIds: readonly string[]): Map<string, StockRow> => {
  const [condition, keys] = isOneOf('product_id', productIds)
  const rows = sql<StoredProduct>(`SELECT * FROM products WHERE ${condition}`, keys)
  return new Map(rows.map((row) => [row.product_id, toStockRow(row)]))
}

export const loadProductsAfter = (sql: Sql, after: string, limit: number): StockRow[] =>
  sql<StoredProduct>(
    'SELECT * FROM products WHERE product_id > ? ORDER BY product_id LIMIT ?',
    after,
    limit,
  ).map(toStockRow)

/** The position of a row in the product feed. */
export type StoredPosition = { position: number; takenAt: Instant }

/** `fed` is given while the product feed is on. Setting a position, even to its old value, would write the index once more. */
export const storeProduct = (sql: Sql, row: StockRow, fed?: StoredPosition): void => {
  const columns = fed === undefined ? NOT_FED : FED
  sql(
    `INSERT INTO products
      (product_id, name, unit_price_minor, currency, revision, on_hand, reserved, level_revision, updated_at${columns.names})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?${columns.values})
      ON CONFLICT (product_id) DO UPDATE SET
        name = excluded.name, unit_price_minor = excluded.unit_price_minor, currency = excluded.currency,
        revision = excluded.revision, on_hand = excluded.on_hand, reserved = excluded.reserved,
        level_revision = excluded.level_revision, updated_at = excluded.updated_at${columns.update}`,
    row.productId,
    row.name,
    row.unitPriceMinor,
    row.currency,
    row.revision,
    row.onHand,
    row.reserved,
    row.levelRevision,
    row.updatedAt,
    ...(fed === undefined ? [] : [fed.position, fed.takenAt]),
  )
}

const NOT_FED = { names: '', values: '', update: '' }
const FED = {
  names: ', position, position_taken_at',
  values: ', ?, ?',
  update: ', position = excluded.position, position_taken_at = excluded.position_taken_at',
}

export const toStockRow = (row: StoredProduct): StockRow => ({
  productId: row.product_id,
  name: row.name,
  unitPriceMinor: row.unit_price_minor,
  currency: row.currency,
  revision: row.revision,
  onHand: row.on_hand,
  reserved: row.reserved,
  levelRevision: row.level_revision,
  updatedAt: row.updated_at,
})

/** A reservation, and when something is to be done about it: `null` while it is recent, and once it is closed and listed. */
export type ReservationRow = { reservation: Reservation; dueAt: Instant | null }

type StoredReservation = { due_at: number | null; document: string }

export const loadReservations = (sql: Sql, orderIds: readonly string[]): Map<string, ReservationRow> => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  const rows = sql<StoredReservation>(`SELECT due_at, document FROM holds WHERE ${condition}`, keys)
  return new Map(rows.map(toReservationRow).map((row) => [row.reservation.orderId, row]))
}

export const loadDueReservations = (sql: Sql, now: Instant, limit: number): ReservationRow[] =>
  sql<StoredReservation>(
    `SELECT due_at, document FROM holds WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`,
    now,
  ).map(toReservationRow)

/** Reservations in the order of their orders' ids, from the first id after `orderId`. */
export const loadReservationsAfter = (sql: Sql, orderId: string, limit: number): Reservation[] =>
  sql<{ document: string }>(
    'SELECT document FROM holds WHERE order_id > ? ORDER BY order_id LIMIT ?',
    orderId,
    limit,
  ).map(({ document }) => readStored(RESERVATION, document))

const toReservationRow = (row: StoredReservation): ReservationRow => ({
  reservation: readStored(RESERVATION, row.document),
  dueAt: row.due_at,
})

/** `known` is the row as it is stored. Setting `due_at`, even to its old value, would write the index once more. */
export const storeReservation = (
  sql: Sql,
  { reservation, dueAt }: ReservationRow,
  known: ReservationRow | undefined,
): void => {
  const document = toStored(RESERVATION, reservation)
  const { orderId } = reservation
  if (known === undefined) {
    sql('INSERT INTO holds (order_id, due_at, document) VALUES (?, ?, ?)', orderId, dueAt, document)
  } else if (known.dueAt === dueAt) {
    sql('UPDATE holds SET document = ? WHERE order_id = ?', document, orderId)
  } else {
    sql('UPDATE holds SET due_at = ?, document = ? WHERE order_id = ?', dueAt, document, orderId)
  }
}

/** Sets when a reservation is due again, unless it has changed since it was read: then it is due already. */
export const settleReservation = (sql: Sql, seen: Reservation, dueAt: Instant | null): void => {
  sql(
    'UPDATE holds SET due_at = ? WHERE order_id = ? AND document = ?',
    dueAt,
    seen.orderId,
    toStored(RESERVATION, seen),
  )
}

/** In the turn in which they leave. */
export const deleteReservations = (sql: Sql, orderIds: readonly string[]): void => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  sql(`DELETE FROM holds WHERE ${condition}`, keys)
}

export const earliestDue = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number | null }>(
    `SELECT min(due_at) AS due_at FROM (
      SELECT min(due_at) AS due_at FROM holds WHERE due_at IS NOT NULL
      UNION ALL SELECT min(due_at) FROM adjustments WHERE due_at IS NOT NULL
      UNION ALL SELECT min(due_at) FROM facts WHERE due_at IS NOT NULL)`,
  )[0]?.due_at ?? undefined
