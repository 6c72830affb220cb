import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import { type StockRow, type StoredProduct, toStockRow } from './stock-store.ts'

export const storeProductEpoch = (sql: Sql, epoch: string): void => {
  sql('INSERT OR REPLACE INTO feed (one, epoch) VALUES (1, ?)', epoch)
}

/** The position that was taken last, 0 before the first. */
export const lastProductPosition = (sql: Sql): number =>
  sql<{ last: number | null }>(
    'SELECT max(position) AS last FROM products INDEXED BY products_by_position WHERE position IS NOT NULL',
  )[0]?.last ?? 0

/** At most `limit` products in the order of their positions, from the first position after this one. */
export const loadProductsAfterPosition = (
  sql: Sql,
  position: number,
  limit: number,
): { row: StockRow; position: number }[] =>
  sql<StoredProduct & { position: number }>(
    'SELECT * FROM products WHERE position > ? ORDER BY position LIMIT ?',
    position,
    limit,
  ).map((stored) => ({ row: toStockRow(stored), position: stored.position }))

/** Products that are counted at most. */
const COUNTED_MAX = 1_000

/** The products with a later position, up to a thousand. */
export const countProductsAfterPosition = (sql: Sql, position: number): number =>
  sql<{ products: number }>(
    `SELECT count(*) AS products FROM (SELECT 1 FROM products WHERE position > ? LIMIT ${COUNTED_MAX})`,
    position,
  )[0]?.products ?? 0

/** The products with a later id, up to a thousand. */
export const countProductsAfter = (sql: Sql, productId: string): number =>
  sql<{ products: number }>(
    `SELECT count(*) AS products FROM (SELECT 1 FROM products WHERE product_id > ? LIMIT ${COUNTED_MAX})`,
    productId,
  )[0]?.products ?? 0

/** When the next position after this one was taken. */
export const nextTakenAt = (sql: Sql, position: number): Instant | undefined =>
  sql<{ taken_at: number }>(
    `SELECT coalesce(position_taken_at, updated_at) AS taken_at FROM products WHERE position > ?
      ORDER BY position LIMIT 1`,
    position,
  )[0]?.taken_at
