import type { Sql } from '../../messaging/sql.ts'
import type { Reservation } from '../stock.ts'

/** For a migration: the units that reservations which have left had committed, for each product. */
export const DEPARTED_STOCK_TABLE = `CREATE TABLE departed_stock (
    product_id TEXT PRIMARY KEY,
    committed INTEGER NOT NULL
  ) WITHOUT ROWID`

/** In the turn in which they leave. Released and refused reservations come to nothing. */
export const addToDepartedSums = (sql: Sql, reservations: readonly Reservation[]): void => {
  const lines = reservations.flatMap((each) => (each.state === 'committed' ? [...each.lines] : []))
  for (const [productId, own] of Map.groupBy(lines, (line) => line.productId)) {
    const committed = own.reduce((sum, { quantity }) => sum + quantity, 0)
    sql(
      `INSERT INTO departed_stock (product_id, committed) VALUES (?, ?)
        ON CONFLICT (product_id) DO UPDATE SET committed = committed + excluded.committed`,
      ...[productId, committed],
    )
  }
}

export const loadDepartedSums = (sql: Sql): Map<string, number> =>
  new Map(
    sql<{ product_id: string; committed: number }>('SELECT product_id, committed FROM departed_stock').map(
      ({ product_id, committed }) => [product_id, committed],
    ),
  )
