import { setTimeout as sleep } from 'node:timers/promises'
import type { CountedSystem } from '../counting/counted-system.ts'
import type { Count } from '../counting/counts.ts'
import { median } from '../statistics.ts'
import type { BenchProduct } from '../variants/variant.ts'

const PRODUCTS = 100
/** More than any run orders. */
const PLENTY = 1_000_000

/** The products that counted orders are for. */
export const COUNTED_PRODUCTS: readonly BenchProduct[] = Array.from({ length: PRODUCTS }, (_, index) => ({
  productId: `cost-${index}`,
  quantity: PLENTY,
}))

/** Places the example order: one line, no key, no customer, no reference, a card that is good. Returns its id. */
const placeOrder = async ({ client, products }: CountedSystem, number: number): Promise<string> => {
  const { productId } = products[number % products.length] as BenchProduct
  const order = { items: [{ productId, quantity: 1 }], payment: { token: 'pm_card_visa' } }
  const { status, body } = await client.call('POST', '/orders', order)
  if (status !== 202) throw new Error(`An order was answered ${status}: ${JSON.stringify(body)}`)
  return String(body['orderId'])
}

/** Counts `total` orders that come with a pause between them. Throws where one of them is not settled in the end. */
export const countOrders = async (
  system: CountedSystem,
  { total, pauseMs }: { total: number; pauseMs: number },
): Promise<{ counts: Count[]; settleP50Ms: number }> => {
  const placed: Promise<string>[] = []
  const counts = await system.countsOf(async () => {
    const startedAt = performance.now()
    while (placed.length < total) {
      placed.push(placeOrder(system, placed.length))
      const nextAt = startedAt + placed.length * pauseMs
      if (pauseMs > 0) await sleep(Math.max(0, nextAt - performance.now()))
    }
    await Promise.all(placed)
  })
  const settleMs: number[] = []
  for (const orderId of await Promise.all(placed)) settleMs.push(await settleMsOf(system, orderId))
  return { counts, settleP50Ms: median(settleMs) }
}

/** At rest every order has settled, or it never will. */
const settleMsOf = async ({ client }: CountedSystem, orderId: string): Promise<number> => {
  const { body } = await client.call('GET', `/orders/${orderId}`)
  if (body['status'] !== 'confirmed' || typeof body['settledAt'] !== 'string')
    throw new Error(`${orderId} did not settle: ${JSON.stringify(body)}`)
  return Date.parse(body['settledAt']) - Date.parse(String(body['placedAt']))
}
