import { z } from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import { COUNTS_COLUMN } from '../../messaging/counters.ts'
import { FEED_TABLE } from '../../messaging/feed-switch.ts'
import { SETTINGS_TABLE } from '../../messaging/fixed-setting.ts'
import { KEYS_TABLE, OLD_KEYS_TABLE } from '../../messaging/idempotency.ts'
import { FILLING_TABLE, fillingStatement, refillingStatement } from '../../messaging/list-filling-store.ts'
import { WATERMARKS_TABLE } from '../../messaging/recent-rows.ts'
import { sentOnce } from '../../messaging/redelivery.ts'
import { additive } from '../../messaging/schema.ts'
import { isOneOf, type Sql } from '../../messaging/sql.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'
import { SWEEP_ROWS_MAX, SWEEPS_TABLE, sweepStatement } from '../../messaging/sweep.ts'
import { ORDER, type Order } from '../order.ts'
import { CONSUMERS_TABLE } from './consumer-store.ts'
import { DEPARTURE_TABLES } from './departure-tables.ts'
import { FEED_BEGAN_COLUMN } from './feed-store.ts'

/** The tables of an order partition. What is deployed never changes; append. */
export const ORDER_TABLES = [
  `CREATE TABLE orders (
    order_id TEXT PRIMARY KEY,
    due_at INTEGER,
    sends INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    listed_version INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL;
  ${OLD_KEYS_TABLE}`,
  `ALTER TABLE orders ADD COLUMN announcing TEXT;
  CREATE TABLE wanted (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL,
    types TEXT NOT NULL
  )`,
  SETTINGS_TABLE,
  `${FILLING_TABLE}${fillingStatement('orders')}`,
  `ALTER TABLE orders ADD COLUMN external_id TEXT;
  CREATE INDEX orders_by_external_id ON orders (external_id) WHERE external_id IS NOT NULL`,
  KEYS_TABLE,
  `${SWEEPS_TABLE}; ${sweepStatement('tokens', 'orders')}`,
  WATERMARKS_TABLE,
  COUNTS_COLUMN,
  additive('ALTER TABLE orders ADD COLUMN unacknowledged TEXT'),
  // The list of orders moved to another table.
  additive(refillingStatement('orders')),
  additive(`ALTER TABLE orders ADD COLUMN position INTEGER;
  ALTER TABLE orders ADD COLUMN positions TEXT;
  CREATE INDEX orders_by_position ON orders (position) WHERE position IS NOT NULL;
  ${FEED_TABLE}`),
  additive(`${FEED_BEGAN_COLUMN}; ${CONSUMERS_TABLE}`),
  additive(DEPARTURE_TABLES),
] as const

const announcingSchema = z.object({
  ids: z.array(z.string()).readonly(),
  sends: z.number(),
  sentAt: z.number(),
})

/** Ids of the events that the operations service has yet to note, how often they were published, and when last. */
export type Announcing = z.infer<typeof announcingSchema>

export const ANNOUNCING = storedType('list of announcements', announcingSchema)

/** The same for each subscriber beyond the four services, by its name. */
const unacknowledgedSchema = z.record(z.string(), announcingSchema)

export type Unacknowledged = z.infer<typeof unacknowledgedSchema>

export const UNACKNOWLEDGED = storedType('set of facts for subscribers', unacknowledgedSchema)

/** For each fact of an order's history its position in the order feed; 0 where the feed was off when it was stored. */
export const POSITIONS = storedType('list of positions', z.array(z.number()).readonly())

export const WANTED_TYPES = storedType('list of wanted types', z.array(z.string()).readonly())

/** An order as its row stores it: when it is due, what was sent, and what the lists and webhooks have of it. */
export type OrderRow = {
  order: Order
  /** When something is to be done about it; `null` for a recent order, and once it is settled and listed. */
  dueAt: Instant | null
  /** The same, as it is in the table. */
  storedDueAt: Instant | null
  /** How often its outstanding event was published, and when last. */
  sends: number
  sentAt: Instant
  /** The version that the read model has. */
  listedVersion: number
  announcing: Announcing | null
  unacknowledged: Unacknowledged | null
  /** How many facts of its history are in the table. */
  storedFacts: number
  /** Their positions in the order feed. Shorter than the history, or empty, where the feed was off. */
  positions: readonly number[]
}

/** A new order's row, whose events are published in the turn that stores it. */
export const newRow = (order: Order, dueAt: Instant | null, now: Instant): OrderRow => ({
  ...{ order, dueAt, storedDueAt: null, ...sentOnce(now) },
  ...{ listedVersion: 0, announcing: null, unacknowledged: null, storedFacts: 0, positions: [] },
})

type StoredRow = {
  order_id: string
  due_at: number | null
  sends: number
  sent_at: number
  listed_version: number
  document: string
  announcing: string | null
  unacknowledged: string | null
  positions: string | null
}

export const loadOrders = (sql: Sql, orderIds: readonly string[]): Map<string, OrderRow> => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  const rows = sql<StoredRow>(`SELECT * FROM orders WHERE ${condition}`, keys)
  return new Map(rows.map((row) => [row.order_id, toRow(row)]))
}

export const loadOrder = (sql: Sql, orderId: string): OrderRow | undefined =>
  loadOrders(sql, [orderId]).get(orderId)

/** Different clients' orders with one external id, at most `limit`. */
export const loadByExternalId = (sql: Sql, externalId: string, limit: number): OrderRow[] =>
  sql<StoredRow>(
    `SELECT * FROM orders INDEXED BY orders_by_external_id WHERE external_id = ? LIMIT ${limit}`,
    externalId,
  ).map(toRow)

export const loadDue = (sql: Sql, now: Instant, limit: number): OrderRow[] =>
  sql<StoredRow>(`SELECT * FROM orders WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`, now).map(toRow)

/** A portion of all orders, in the order of their ids. */
export const loadAfter = (sql: Sql, orderId: string): OrderRow[] =>
  sql<StoredRow>(
    `SELECT * FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ${SWEEP_ROWS_MAX}`,
    orderId,
  ).map(toRow)

/** The same without what the partition knows beside the orders, at most `limit`. */
export const loadOrdersAfter = (sql: Sql, orderId: string, limit: number): Order[] =>
  sql<{ document: string }>(
    `SELECT document FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ${limit}`,
    orderId,
  ).map(({ document }) => readStored(ORDER, document))

export const earliestDue = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number | null }>('SELECT min(due_at) AS due_at FROM orders WHERE due_at IS NOT NULL')[0]
    ?.due_at ?? undefined

/** What the order feed stores of a row: the position of its last fact, by which the feed finds it, and those of all. */
type Positions = Pick<OrderRow, 'positions'>

/** With `fed`, the row's facts have these positions in the order feed. Without it the feed is off. */
export const insertOrder = (sql: Sql, row: OrderRow, fed?: Positions): void => {
  sql(
    `INSERT INTO orders (order_id, due_at, sends, sent_at, listed_version, document, announcing, unacknowledged, external_id, position, positions)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.order.orderId,
    row.dueAt,
    row.sends,
    row.sentAt,
    row.listedVersion,
    toStored(ORDER, row.order),
    toText(row.announcing),
    unacknowledgedText(row.unacknowledged),
    row.order.externalId ?? null,
    ...(fed ? positionValues(fed) : [null, null]),
  )
}

/**
 * Setting `due_at` or `position`, even to its old value, writes its index once more. So the statement sets them only if
 * they change.
 */
export const updateOrder = (sql: Sql, row: OrderRow, fed?: Positions): void => {
  const { dueAt, sends, sentAt, listedVersion, order, announcing, unacknowledged } = row
  const isDueDateChanged = dueAt !== row.storedDueAt
  sql(
    `UPDATE orders SET ${isDueDateChanged ? 'due_at = ?, ' : ''}${fed ? 'position = ?, positions = ?, ' : ''}sends = ?, sent_at = ?, listed_version = ?, document = ?, announcing = ?, unacknowledged = ?
      WHERE order_id = ?`,
    ...(isDueDateChanged ? [dueAt] : []),
    ...(fed ? positionValues(fed) : []),
    ...[sends, sentAt, listedVersion, toStored(ORDER, order), toText(announcing)],
    ...[unacknowledgedText(unacknowledged), order.orderId],
  )
}

const positionValues = ({ positions }: Positions) => [
  positions.at(-1) ?? null,
  toStored(POSITIONS, positions),
]

/** Sets when a row is due, and nothing else: for a row that could not be attended to. */
export const postpone = (sql: Sql, orderId: string, dueAt: Instant): void => {
  sql('UPDATE orders SET due_at = ? WHERE order_id = ?', dueAt, orderId)
}

export const deleteOrders = (sql: Sql, orderIds: readonly string[]): void => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  sql(`DELETE FROM orders WHERE ${condition}`, keys)
}

export const isStored = (sql: Sql, orderId: string): boolean =>
  sql<{ order_id: string }>('SELECT order_id FROM orders WHERE order_id = ?', orderId).length > 0

const toRow = (row: StoredRow): OrderRow => {
  const order = readStored(ORDER, row.document)
  return { ...rowOf(row), order, storedFacts: order.history.length }
}

const rowOf = (row: StoredRow): Omit<OrderRow, 'order' | 'storedFacts'> => ({
  dueAt: row.due_at,
  storedDueAt: row.due_at,
  sends: row.sends,
  sentAt: row.sent_at,
  listedVersion: row.listed_version,
  announcing: row.announcing === null ? null : readStored(ANNOUNCING, row.announcing),
  unacknowledged: row.unacknowledged === null ? null : readStored(UNACKNOWLEDGED, row.unacknowledged),
  positions: row.positions === null ? [] : readStored(POSITIONS, row.positions),
})

const unacknowledgedText = (unacknowledged: Unacknowledged | null): string | null =>
  unacknowledged === null ? null : toStored(UNACKNOWLEDGED, unacknowledged)

const toText = (announcing: Announcing | null): string | null =>
  announcing === null ? null : toStored(ANNOUNCING, announcing)

export const loadWanted = (sql: Sql): { revision: number; types: readonly string[] } | undefined => {
  const [row] = sql<{ revision: number; types: string }>('SELECT revision, types FROM wanted')
  return row && { revision: row.revision, types: readStored(WANTED_TYPES, row.types) }
}

export const storeWanted = (sql: Sql, wanted: { revision: number; types: readonly string[] }): void => {
  sql(
    'INSERT OR REPLACE INTO wanted (one, revision, types) VALUES (1, ?, ?)',
    wanted.revision,
    toStored(WANTED_TYPES, wanted.types),
  )
}

/** The greatest position that was ever taken, 0 without one. It never falls: each departure of orders takes one, too. */
export const lastPosition = (sql: Sql): number =>
  sql<{ last: number }>(
    `SELECT max(
      coalesce((SELECT max(position) FROM orders INDEXED BY orders_by_position WHERE position IS NOT NULL), 0),
      coalesce((SELECT left_at FROM departed), 0)
    ) AS last`,
  )[0]?.last ?? 0

/** At most `limit` rows in the order of their ids, from this one on. */
export const loadFromId = (sql: Sql, orderId: string, limit: number): OrderRow[] =>
  sql<StoredRow>('SELECT * FROM orders WHERE order_id >= ? ORDER BY order_id LIMIT ?', orderId, limit).map(
    toRow,
  )

/** At most `limit` rows whose last fact has a later position, in the order of those positions. */
export const loadAfterPosition = (sql: Sql, position: number, limit: number): OrderRow[] =>
  sql<StoredRow>(
    'SELECT * FROM orders INDEXED BY orders_by_position WHERE position > ? ORDER BY position LIMIT ?',
    position,
    limit,
  ).map(toRow)

/** The last order before this id. Orders with an external id do not count: their ids are in no order of time. */
export const loadOwnBefore = (sql: Sql, orderId: string): OrderRow | undefined =>
  sql<StoredRow>(
    `SELECT * FROM orders WHERE order_id >= 'ord_' AND order_id < ? AND external_id IS NULL
      ORDER BY order_id DESC LIMIT 1`,
    orderId,
  ).map(toRow)[0]

/** When the oldest order without an external id was placed. Ids of external orders are in no order of time. */
export const loadOldestAt = (sql: Sql): Instant | undefined =>
  sql<{ placedAt: number }>(
    `SELECT document ->> '$.placedAt' AS placedAt FROM orders
      WHERE order_id >= 'ord_' AND external_id IS NULL ORDER BY order_id LIMIT 1`,
  )[0]?.placedAt

/** The facts of the first orders from this id on. Beyond so many orders they are not counted. */
export const countFactsFromId = (sql: Sql, orderId: string): number =>
  sql<{ facts: number | null }>(
    `SELECT sum(json_array_length(document, '$.history')) AS facts
      FROM (SELECT document FROM orders WHERE order_id >= ? ORDER BY order_id LIMIT ${COUNTED_MAX})`,
    orderId,
  )[0]?.facts ?? 0

/** Some 2 MB of rows, read in some milliseconds. */
const COUNTED_MAX = 1_000
