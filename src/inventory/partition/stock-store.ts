import { z } from 'zod'
import { envelopeSchema } from '../../contracts/envelope.ts'
import { type DomainEvent, EVENTS, type EventType } from '../../contracts/events.ts'
import type { Instant } from '../../kernel/instant.ts'
import { KEYS_TABLE, OLD_KEYS_TABLE } from '../../messaging/idempotency.ts'
import { isOneOf, type Sql } from '../../messaging/sql.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'
import { ADJUSTMENT, type Adjustment } from '../movements.ts'
import type { Product } from '../product.ts'
import { HOLD, type Hold, type Level } from '../stock.ts'

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
] as const

/** A product with its level. */
export type StockRow = Product & Level & { levelRevision: number; updatedAt: Instant }

type StoredProduct = {
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

export const storeProduct = (sql: Sql, row: StockRow): void => {
  sql(
    `INSERT INTO products
      (product_id, name, unit_price_minor, currency, revision, on_hand, reserved, level_revision, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (product_id) DO UPDATE SET
        name = excluded.name, unit_price_minor = excluded.unit_price_minor, currency = excluded.currency,
        revision = excluded.revision, on_hand = excluded.on_hand, reserved = excluded.reserved,
        level_revision = excluded.level_revision, updated_at = excluded.updated_at`,
    row.productId,
    row.name,
    row.unitPriceMinor,
    row.currency,
    row.revision,
    row.onHand,
    row.reserved,
    row.levelRevision,
    row.updatedAt,
  )
}

const toStockRow = (row: StoredProduct): StockRow => ({
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

type StoredDocument = { document: string }

export const loadHolds = (sql: Sql, orderIds: readonly string[]): Map<string, Hold> => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  const rows = sql<StoredDocument>(`SELECT document FROM holds WHERE ${condition}`, keys)
  const holds = rows.map((row) => readStored(HOLD, row.document))
  return new Map(holds.map((hold) => [hold.orderId, hold]))
}

export const storeHold = (sql: Sql, hold: Hold, dueAt: Instant | null): void => {
  sql(
    `INSERT INTO holds (order_id, due_at, document) VALUES (?, ?, ?)
      ON CONFLICT (order_id) DO UPDATE SET document = excluded.document,
        due_at = coalesce(min(due_at, excluded.due_at), excluded.due_at, due_at)`,
    hold.orderId,
    dueAt,
    toStored(HOLD, hold),
  )
}

export const loadDueHolds = (sql: Sql, now: Instant, limit: number): Hold[] =>
  sql<StoredDocument>(`SELECT document FROM holds WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`, now).map(
    (row) => readStored(HOLD, row.document),
  )

/** Settles the debt of a hold that has not moved since it was read; `dueAt` is when it is to be looked at again. */
export const settleHold = (sql: Sql, seen: Hold, dueAt: Instant | null): void => {
  sql(
    'UPDATE holds SET due_at = ? WHERE order_id = ? AND document = ?',
    dueAt,
    seen.orderId,
    toStored(HOLD, seen),
  )
}

export const insertAdjustment = (sql: Sql, adjustment: Adjustment, dueAt: Instant): void => {
  sql(
    'INSERT INTO adjustments (adjustment_id, due_at, document) VALUES (?, ?, ?)',
    adjustment.adjustmentId,
    dueAt,
    toStored(ADJUSTMENT, adjustment),
  )
}

export const loadDueAdjustments = (sql: Sql, now: Instant, limit: number): Adjustment[] =>
  sql<StoredDocument>(
    `SELECT document FROM adjustments WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`,
    now,
  ).map((row) => readStored(ADJUSTMENT, row.document))

export const settleAdjustment = (sql: Sql, adjustmentId: string): void => {
  sql('UPDATE adjustments SET due_at = NULL WHERE adjustment_id = ?', adjustmentId)
}

/** An event that nobody asked for, owed until it was listed where it must be and noted by who gets it. */
export type Fact = {
  event: DomainEvent
  dueAt: Instant | null
  sends: number
  sentAt: Instant
  isListed: boolean
  isNoted: boolean
}

/**
 * Its envelope alone is this type's shape: an event says the version of its data itself, it is published as it was
 * stored, and its consumers upcast it.
 */
export const FACT_EVENT = storedType(
  'fact',
  z
    .object({ ...envelopeSchema.shape, type: z.enum(Object.keys(EVENTS) as EventType[]) })
    .transform((event) => event as DomainEvent),
)

type StoredFact = {
  due_at: number | null
  sends: number
  sent_at: number
  is_listed: number
  is_noted: number
  event: string
}

export const storeFact = (sql: Sql, fact: Fact): void => {
  sql(
    `INSERT INTO facts (fact_id, due_at, sends, sent_at, is_listed, is_noted, event) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (fact_id) DO UPDATE SET
        due_at = excluded.due_at, sends = excluded.sends, sent_at = excluded.sent_at,
        is_listed = excluded.is_listed, is_noted = excluded.is_noted`,
    fact.event.id,
    fact.dueAt,
    fact.sends,
    fact.sentAt,
    Number(fact.isListed),
    Number(fact.isNoted),
    toStored(FACT_EVENT, fact.event),
  )
}

export const forgetFact = (sql: Sql, { event }: Fact): void => {
  sql('DELETE FROM facts WHERE fact_id = ?', event.id)
}

export const loadFacts = (sql: Sql, ids: readonly string[]): Fact[] => {
  const [condition, keys] = isOneOf('fact_id', ids)
  return sql<StoredFact>(`SELECT * FROM facts WHERE ${condition}`, keys).map(toFact)
}

export const loadDueFacts = (sql: Sql, now: Instant, limit: number): Fact[] =>
  sql<StoredFact>(`SELECT * FROM facts WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`, now).map(toFact)

const toFact = (row: StoredFact): Fact => ({
  event: readStored(FACT_EVENT, row.event),
  dueAt: row.due_at,
  sends: row.sends,
  sentAt: row.sent_at,
  isListed: row.is_listed === 1,
  isNoted: row.is_noted === 1,
})

export const earliestDue = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number | null }>(
    `SELECT min(due_at) AS due_at FROM (
      SELECT min(due_at) AS due_at FROM holds WHERE due_at IS NOT NULL
      UNION ALL SELECT min(due_at) FROM adjustments WHERE due_at IS NOT NULL
      UNION ALL SELECT min(due_at) FROM facts WHERE due_at IS NOT NULL)`,
  )[0]?.due_at ?? undefined
