import { capturesIn } from './bank-books.ts'
import type { HttpClient } from './http-client.ts'
import type { Mix } from './mixes.ts'
import type { StoredOrder } from './settled.ts'

/** Throws where the stock is not what the settled orders of a system leave of it. */
export const checkBooks = async (
  client: HttpClient,
  mix: Mix,
  orders: Iterable<StoredOrder>,
): Promise<void> => {
  const committed = new Map<string, number>()
  for (const { committedUnits } of orders)
    for (const [productId, quantity] of committedUnits)
      committed.set(productId, (committed.get(productId) ?? 0) + quantity)
  const wrong: string[] = []
  for (const { productId, quantity } of mix.products.filter(({ productId }) => committed.has(productId))) {
    const { body } = await client.call('GET', `/inventory/${productId}`)
    const expected = quantity - (committed.get(productId) ?? 0)
    if (body['onHand'] !== expected || body['reserved'] !== 0)
      wrong.push(`${productId}: ${JSON.stringify(body)}, and not ${expected} on hand`)
  }
  if (wrong.length > 0) throw new Error(`The books do not balance:\n${wrong.join('\n')}`)
}

/** Throws where the bank did not take the money of each confirmed order once, or took it for another. */
export const checkBank = (stateFolder: string, orders: Iterable<StoredOrder>): void => {
  const captures = capturesIn(stateFolder)
  const wrong = [...orders].filter(
    ({ orderId, status }) => (captures.get(orderId) ?? 0) !== (status === 'confirmed' ? 1 : 0),
  )
  const [first] = wrong
  if (first === undefined) return
  const { orderId, status } = first
  throw new Error(
    `The bank's books do not balance for ${wrong.length} orders: ${orderId} is ${status}, and was charged ${captures.get(orderId) ?? 0} times.`,
  )
}
