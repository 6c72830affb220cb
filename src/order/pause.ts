/** Stands for all products: then every new order is refused. No product has this id. */
export const ALL_PRODUCTS = ''

/** Pauses at a time, with the one of all products. Each read of the catalogue brings them all. */
export const PAUSES_MAX = 100

/** A pause lasts for minutes or hours, so callers need not ask more often. */
export const PAUSED_RETRY_SECONDS = 120

export type Paused = { code: 'orders_paused'; detail: string; retryAfterSeconds: number }

/** A product that orders name. `paused`: new orders for it are refused, for it alone or as all new orders are. */
export type Pausable = { productId: string; paused?: 'all' | 'alone' }

/** These products, each with whether orders for it are paused. `pauses` has the ids of the products, or all of them. */
export const withPauses = <Product extends Pausable>(
  products: ReadonlyMap<string, Product>,
  pauses: ReadonlySet<string>,
): ReadonlyMap<string, Product> => {
  if (pauses.size === 0) return products
  const isAll = pauses.has(ALL_PRODUCTS)
  return new Map(
    Array.from(products, ([id, product]) => [
      id,
      isAll || pauses.has(id) ? { ...product, paused: isAll ? 'all' : 'alone' } : product,
    ]),
  )
}

/** Why orders for these products are refused just now, if they are. It says who ends the pause, and no more. */
export const refuseWhilePaused = (products: readonly Pausable[]): Paused | undefined => {
  const paused = products.filter((product) => product.paused !== undefined)
  if (paused.length === 0) return undefined
  const isAll = paused.some((product) => product.paused === 'all')
  const names = isAll ? '' : ` for ${paused.map(({ productId }) => productId).join(', ')}`
  return {
    code: 'orders_paused',
    detail: `New orders${names} are paused until an operator of this system resumes them. Nothing was stored. Orders that were accepted go on.`,
    retryAfterSeconds: PAUSED_RETRY_SECONDS,
  }
}
