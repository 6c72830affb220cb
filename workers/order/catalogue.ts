import type { EventOf } from '../../src/contracts/events.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { toMinor } from '../../src/kernel/money.ts'
import type { Product } from '../../src/order/pricing.ts'

/** A price may be this old when an order is priced. For a caller it is as if the order had come a moment earlier. */
const CACHE_MS = 2_000
const CACHED_PRODUCTS_MAX = 10_000

/** The order service's copy of the catalogue. */
export type Catalogue = {
  /** Products by id. Ids that the catalogue does not have are left out. */
  find(database: D1Database, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>>
}

/** A copy that remembers products for a short time. It lives as long as the isolate that made it. */
export const createCatalogue = (now: () => Instant): Catalogue => {
  const cached = new Map<string, { product: Product; readAt: Instant }>()
  return {
    find: async (database, productIds) => {
      const oldest = now() - CACHE_MS
      const isFresh = (id: string) => (cached.get(id)?.readAt ?? 0) > oldest
      const missing = [...new Set(productIds)].filter((id) => !isFresh(id))
      if (cached.size + missing.length > CACHED_PRODUCTS_MAX) cached.clear()
      for (const product of await readProducts(database, missing)) {
        cached.set(product.productId, { product, readAt: now() })
      }
      const found = productIds.flatMap((id) => cached.get(id)?.product ?? [])
      return new Map(found.map((product) => [product.productId, product]))
    },
  }
}

const readProducts = async (database: D1Database, productIds: readonly string[]): Promise<Product[]> => {
  if (productIds.length === 0) return []
  const { results } = await database
    .prepare(
      `SELECT product_id AS productId, unit_price_minor AS unitPriceMinor, currency FROM catalogue
        WHERE product_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(JSON.stringify(productIds))
    .all<Product>()
  return results
}

/** Stores product changes of the inventory service. An older revision never replaces a newer one. */
export const updateCatalogue = async (
  database: D1Database,
  changes: readonly EventOf<'ProductChanged'>[],
): Promise<void> => {
  const rows = changes.map(({ revision, data }) => ({
    productId: data.productId,
    revision,
    unitPriceMinor: toMinor(data.unitPrice, data.currency),
    currency: data.currency,
  }))
  await database
    .prepare(
      `INSERT INTO catalogue (product_id, revision, unit_price_minor, currency)
        SELECT value ->> 'productId', value ->> 'revision', value ->> 'unitPriceMinor', value ->> 'currency'
        FROM json_each(?) WHERE true
        ON CONFLICT (product_id) DO UPDATE SET
          revision = excluded.revision, unit_price_minor = excluded.unit_price_minor, currency = excluded.currency
        WHERE excluded.revision > catalogue.revision`,
    )
    .bind(JSON.stringify(rows))
    .run()
}
