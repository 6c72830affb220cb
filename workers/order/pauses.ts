import { type Page, toPage } from '../../src/contracts/paging.ts'
import { type Instant, toTimestamp } from '../../src/kernel/instant.ts'
import { ALL_PRODUCTS, PAUSES_MAX } from '../../src/order/pause.ts'

/** A pause of new orders, of those with one product or of all. */
export type Pause = { productId: string; reason: string; client: string; at: Instant }

const COLUMNS = 'product_id AS productId, reason, client, at'

/** Pauses in the order of their products; the one of all products first. */
export const findPauses = async (database: D1Database, page: Page) => {
  const [after] = page.after ?? [undefined]
  const { results } = await database
    .prepare(`SELECT ${COLUMNS} FROM pauses WHERE ?1 IS NULL OR product_id > ?1 ORDER BY product_id LIMIT ?2`)
    .bind(after ?? null, page.limit + 1)
    .all<Pause>()
  return toPage(results, page, { item: viewPause, position: ({ productId }) => [productId, ''] })
}

/** The pause of a product, or of all. */
export const findPause = (database: D1Database, productId: string): Promise<Pause | null> =>
  database.prepare(`SELECT ${COLUMNS} FROM pauses WHERE product_id = ?`).bind(productId).first<Pause>()

/** Whether no other product may be paused. One place is kept for the pause of all. */
export const hasAllPauses = async (database: D1Database): Promise<boolean> => {
  const count = await database
    .prepare('SELECT count(*) AS count FROM pauses WHERE product_id <> ?')
    .bind(ALL_PRODUCTS)
    .first<number>('count')
  return (count ?? 0) >= PAUSES_MAX - 1
}

export const storePause = (database: D1Database, { productId, reason, client, at }: Pause) =>
  database
    .prepare('INSERT OR REPLACE INTO pauses (product_id, reason, client, at) VALUES (?, ?, ?, ?)')
    .bind(productId, reason, client, at)

export const deletePause = (database: D1Database, productId: string) =>
  database.prepare('DELETE FROM pauses WHERE product_id = ?').bind(productId)

export const viewPause = ({ productId, reason, client, at }: Pause) => ({
  ...(productId !== ALL_PRODUCTS && { productId }),
  reason,
  client,
  at: toTimestamp(at),
})
