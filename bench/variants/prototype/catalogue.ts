import type { Features } from './features.ts'

/** How old a price may be where it is not read for each order. */
const FRESH_MS = 2_000

const remembered: { prices: Map<string, number>; readAt: number } = { prices: new Map(), readAt: 0 }

/** The price of a product: read from D1 for each order, or from all prices every two seconds. The floor has one price. */
export const priceOf = async (
  database: D1Database,
  productId: string,
  { lists }: Features,
): Promise<number | undefined> => {
  if (lists === 'none') return 1
  if (lists === 'in the path') {
    const { results } = await database
      .prepare('SELECT unit_price FROM products WHERE product_id = ?')
      .bind(productId)
      .all<{ unit_price: number }>()
    return results[0]?.unit_price
  }
  const { prices, readAt } = remembered
  if (prices.size === 0 || Date.now() - readAt > FRESH_MS) {
    remembered.readAt = Date.now()
    const { results } = await database
      .prepare('SELECT product_id, unit_price FROM products')
      .all<{ product_id: string; unit_price: number }>()
    remembered.prices = new Map(results.map(({ product_id, unit_price }) => [product_id, unit_price]))
  }
  return remembered.prices.get(productId)
}
