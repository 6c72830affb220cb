import type { Chance } from './chance.ts'
import type { Intent, Ledger, Placed } from './ledger.ts'
import type { Product } from './products.ts'
import { TOKEN_SHARES, type Token, VOID_TOKEN } from './tokens.ts'

const KIND_SHARES = { place: 70, cancel: 10, refund: 9, adjust: 8, product: 3 } as const

/** Cancellations mostly meet an order that is still under way. */
const RECENT_ORDERS = 30
/** Refunds mostly meet an order that was captured. */
const REFUNDABLE_AFTER_MS = 1_500
const REFUNDABLE_ORDERS = 300

export type WorkloadPorts = { run: string; chance: Chance; ledger: Ledger; products: readonly Product[] }

/** The requests of a shop's clients, one after the other. */
export const createWorkload = ({ run, chance, ledger, products }: WorkloadPorts) => {
  let count = 0
  const nextKey = () => `${run}-${++count}`

  const place = (token: Token = chance.share(TOKEN_SHARES)): Intent => {
    const reference = nextKey()
    const chosen = chooseProducts(chance, products)
    const items = chosen.map(({ productId }) => ({ productId, quantity: chance.integer(1, 3) }))
    const total = totalOf(items, chosen)
    const body = {
      items,
      reference,
      customerId: `customer-${chance.integer(1, 50)}`,
      ...(chance.isLikely(0.3) && { metadata: { channel: 'crash-test', attempt: reference } }),
      ...(total !== undefined && chance.isLikely(0.5) && { totalAmount: total, currency: 'USD' }),
      ...(token !== 'none' && { payment: { token } }),
    }
    const request = { method: 'POST', path: '/orders', body, key: reference } as const
    return { kind: 'place', subject: reference, request, token }
  }

  const cancel = (): Intent | undefined => {
    const recent = ledger.placed.slice(-RECENT_ORDERS)
    const waiting = recent.filter(
      ({ entry, order }) =>
        entry.intent.token === VOID_TOKEN && ledger.cancellations(order.orderId).length === 0,
    )
    const orderId = (waiting.at(-1) ?? chance.pick(chance.isLikely(0.8) ? recent : ledger.placed))?.order
      .orderId
    if (orderId === undefined) return undefined
    const body = chance.isLikely(0.5) ? { reason: 'Changed my mind.' } : {}
    const key = chance.isLikely(0.5) ? { key: nextKey() } : {}
    return {
      kind: 'cancel',
      subject: orderId,
      request: { method: 'POST', path: `/orders/${orderId}/cancel`, body, ...key },
    }
  }

  const refund = (): Intent | undefined => {
    const isOldEnough = ({ entry }: Placed) => Date.now() - (entry.respondedAt ?? 0) > REFUNDABLE_AFTER_MS
    const order = chance.pick(ledger.placed.slice(-REFUNDABLE_ORDERS).filter(isOldEnough))?.order
    if (order === undefined) return undefined
    const cents = Math.max(1, Math.floor(order.totalAmount * 100 * chance.between(0.05, 0.6)))
    const body = chance.isLikely(0.3) ? {} : { amount: cents / 100, reason: 'Arrived broken.' }
    const path = `/payments/${order.orderId}/refunds`
    return { kind: 'refund', subject: order.orderId, request: { method: 'POST', path, body, key: nextKey() } }
  }

  const adjust = ({ productId }: Product, delta: number): Intent => {
    const path = `/inventory/${productId}/adjustments`
    const body = { delta, reason: delta > 0 ? 'receipt' : 'stocktaking' }
    const request = { method: 'POST', path, body, key: nextKey() } as const
    return { kind: 'adjust', subject: productId, request, delta }
  }

  const stocktaking = (): Intent | undefined => {
    const product = chance.pick(products)
    const delta = chance.isLikely(0.7) ? chance.integer(1, 8) : -chance.integer(1, 4)
    return product && adjust(product, delta)
  }

  const put = ({ productId }: Product, unitPrice: number): Intent => {
    const body = { name: `Crash ${productId} ${++count}`, unitPrice, currency: 'USD' }
    const request = { method: 'PUT', path: `/products/${productId}`, body, key: nextKey() } as const
    return { kind: 'product', subject: productId, request }
  }

  /** One change of a product at a time: after two concurrent changes the client cannot know which was the last. */
  const reprice = (): Intent | undefined => {
    const product = products.find((each) => !each.hasFixedPrice)
    if (product === undefined || ledger.isOpen('product', product.productId)) return undefined
    return put(product, chance.integer(500, 3_000) / 100)
  }

  const draw: Record<keyof typeof KIND_SHARES, () => Intent | undefined> = {
    place: () => place(),
    cancel,
    refund,
    adjust: stocktaking,
    product: reprice,
  }

  return {
    next: (): Intent => draw[chance.share(KIND_SHARES)]() ?? place(),
    plainOrder: () => place('pm_card_visa'),
    /** A new product and its first units. */
    introduce: (product: Product): Intent[] => [
      put(product, product.unitPrice),
      adjust(product, product.units),
    ],
  }
}

export type Workload = ReturnType<typeof createWorkload>

/** One to three products, and sometimes the same product on two lines. */
const chooseProducts = (chance: Chance, products: readonly Product[]): Product[] => {
  const isScarce = chance.isLikely(0.2)
  const count = chance.isLikely(0.6) ? 1 : chance.integer(2, 3)
  const first = chance.shuffled(products.filter((product) => product.isScarce === isScarce)).slice(0, 1)
  const others = chance.shuffled(products.filter((product) => !first.includes(product)))
  const isTwice = count > 1 && chance.isLikely(0.1)
  return [...first, ...(isTwice ? first : others).slice(0, count - 1)]
}

const totalOf = (
  items: readonly { quantity: number }[],
  products: readonly Product[],
): number | undefined => {
  if (products.some((product) => !product.hasFixedPrice)) return undefined
  const cents = items.reduce(
    (sum, { quantity }, line) => sum + quantity * Math.round((products[line]?.unitPrice ?? 0) * 100),
    0,
  )
  return cents / 100
}
