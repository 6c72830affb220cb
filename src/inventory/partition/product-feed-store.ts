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
