import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored } from '../../messaging/stored-document.ts'
import { ORDER, type Order } from '../order.ts'

/** How far the list of orders is filled. A partition that already has orders starts to fill the list at once. */
export const FILLING_TABLE = `
  CREATE TABLE filling (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    started_at INTEGER NOT NULL,
    last_order_id TEXT NOT NULL,
    listed INTEGER NOT NULL,
    due_at INTEGER NOT NULL
  );
  INSERT INTO filling (one, started_at, last_order_id, listed, due_at)
    SELECT 1, 0, '', 0, 0 WHERE EXISTS (SELECT 1 FROM orders);`

/** How far the list of orders is filled. */
export type Filling = {
  startedAt: Instant
  /** The id of the order that was listed last. Orders are listed by ascending id. */
  lastOrderId: string
  /** How many were listed. */
  listed: number
  dueAt: Instant
}

/** Undefined where the list is filled. */
export const loadFilling = (sql: Sql): Filling | undefined =>
  sql<Filling>(
    'SELECT started_at AS startedAt, last_order_id AS lastOrderId, listed, due_at AS dueAt FROM filling',
  )[0]

export const storeFilling = (sql: Sql, filling: Filling | undefined): void => {
  if (filling === undefined) {
    sql('DELETE FROM filling')
    return
  }
  const { startedAt, lastOrderId, listed, dueAt } = filling
  sql(
    'INSERT OR REPLACE INTO filling (one, started_at, last_order_id, listed, due_at) VALUES (1, ?, ?, ?, ?)',
    ...[startedAt, lastOrderId, listed, dueAt],
  )
}

export const loadOrdersAfter = (sql: Sql, orderId: string, limit: number): Order[] =>
  sql<{ document: string }>(
    `SELECT document FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ${limit}`,
    orderId,
  ).map(({ document }) => readStored(ORDER, document))
