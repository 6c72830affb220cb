import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import { type Page, toPage } from '../../src/contracts/paging.ts'
import { type LedgerRow, type Movement, SHARED_ROW_MS_MAX } from '../../src/inventory/movements.ts'
import type { LedgerKey } from '../../src/inventory/partition/departed-reservations.ts'
import type { Product } from '../../src/inventory/product.ts'
import { toTimestamp } from '../../src/kernel/instant.ts'
import { toMajor } from '../../src/kernel/money.ts'

/** Rows are small: half a megabyte at most, and a bound value may have two. */
const ROWS_A_STATEMENT_MAX = 1_000

/** Adds to the ledger. A row that is there already stays as it is. */
export const writeLedger = async (database: D1Database, rows: readonly LedgerRow[]): Promise<void> => {
  const statements: D1PreparedStatement[] = []
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT_MAX) {
    const portion = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT_MAX))
    statements.push(
      database
        .prepare(
          `INSERT OR IGNORE INTO movements
              (product_id, at, movement_id, kind, quantity, order_id, reason, reserved_at)
            SELECT value ->> 'productId', value ->> 'at', value ->> 'movementId', value ->> 'kind',
              value ->> 'quantity', value ->> 'orderId', value ->> 'reason', value ->> 'reservedAt'
            FROM json_each(?)`,
        )
        .bind(portion),
    )
  }
  if (statements.length > 0) await database.batch(statements)
}

/** Takes the movements of orders that have left off the ledger. */
export const unlistMovements = async (database: D1Database, keys: readonly LedgerKey[]): Promise<void> => {
  const statements = jsonParameters(keys).map((each) =>
    database
      .prepare(
        `DELETE FROM movements WHERE (product_id, at, movement_id) IN
          (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))`,
      )
      .bind(each),
  )
  await database.batch(statements)
}

/** Writes products to the list of the catalogue. An older revision never replaces a newer one. */
export const writeCatalogue = async (database: D1Database, products: readonly Product[]): Promise<void> => {
  if (products.length === 0) return
  await database
    .prepare(
      `INSERT INTO products (product_id, revision, name, unit_price_minor, currency)
        SELECT value ->> 'productId', value ->> 'revision', value ->> 'name', value ->> 'unitPriceMinor',
          value ->> 'currency'
        FROM json_each(?) WHERE true
        ON CONFLICT (product_id) DO UPDATE SET
          revision = excluded.revision, name = excluded.name, unit_price_minor = excluded.unit_price_minor,
          currency = excluded.currency
        WHERE excluded.revision > products.revision`,
    )
    .bind(JSON.stringify(products))
    .run()
}

/**
 * The movements after a position, newest first. A row is later than the reservation that shares it, so the movements of a
 * page lie in its own rows (`below`), and in rows that earlier pages have shown (`above`) and whose reservation is still
 * to come. Those are at most five seconds later than the position: a few thousand rows of one product, where all of a
 * partition's orders are for it. `UNION` leaves out a reservation that has a row of its own as well.
 */
const MOVEMENTS_AFTER = `
  SELECT * FROM (
    WITH below AS MATERIALIZED (
      SELECT * FROM movements WHERE product_id = ?1 AND (at, movement_id) < (?2, ?3)
        ORDER BY at DESC, movement_id DESC LIMIT ?4
    ), above AS (
      SELECT * FROM movements WHERE product_id = ?1 AND (at, movement_id) >= (?2, ?3)
        AND at <= ?2 + ${SHARED_ROW_MS_MAX} AND reserved_at <= ?2
    ), shared AS (
      SELECT reserved_at AS at, order_id || '/reservation' AS movement_id, quantity, order_id
        FROM (SELECT * FROM below UNION ALL SELECT * FROM above) WHERE reserved_at IS NOT NULL
    )
    SELECT at, movement_id, kind, quantity, order_id, reason FROM below
    UNION
    SELECT at, movement_id, 'reservation', quantity, order_id, NULL FROM shared
      WHERE (at, movement_id) < (?2, ?3)
  ) ORDER BY at DESC, movement_id DESC LIMIT ?4`

/** A product's movements, newest first. */
export const findMovements = async (database: D1Database, productId: string, page: Page) => {
  const [at, movementId] = page.after ?? [String(Number.MAX_SAFE_INTEGER), '']
  const { results } = await database
    .prepare(MOVEMENTS_AFTER)
    .bind(productId, Number(at), movementId, page.limit + 1)
    .all<StoredMovement>()
  return toPage(results, page, {
    item: viewMovement,
    position: (row) => [String(row.at), row.movement_id],
  })
}

type StoredMovement = {
  at: number
  movement_id: string
  kind: Movement['kind']
  quantity: number
  order_id: string | null
  reason: string | null
}

const viewMovement = (row: StoredMovement) => ({
  kind: row.kind,
  quantity: row.quantity,
  ...(row.order_id !== null && { orderId: row.order_id }),
  ...(row.reason !== null && { reason: row.reason }),
  at: toTimestamp(row.at),
})

/** The catalogue in the order of its product ids. */
export const findProducts = async (database: D1Database, page: Page) => {
  const [after] = page.after ?? ['']
  const { results } = await database
    .prepare(
      `SELECT product_id AS productId, name, unit_price_minor AS unitPriceMinor, currency FROM products
        WHERE product_id > ? ORDER BY product_id LIMIT ?`,
    )
    .bind(after, page.limit + 1)
    .all<Omit<Product, 'revision'>>()
  return toPage(results, page, { item: viewProduct, position: (product) => [product.productId, ''] })
}

export const viewProduct = (product: Omit<Product, 'revision'>) => ({
  productId: product.productId,
  name: product.name,
  unitPrice: toMajor(product.unitPriceMinor, product.currency),
  currency: product.currency,
})
