import type { z } from 'zod'
import { levelSchema, movementSchema, productSchema } from '../../src/contracts/http/inventory.ts'
import type { Client } from './client.ts'
import { readAs } from './evidence.ts'
import type { Ledger, Order } from './ledger.ts'
import type { Product } from './products.ts'
import { readPages } from './read-pages.ts'
import type { Violation } from './violations.ts'

export type StockPorts = { client: Client; ledger: Ledger; products: readonly Product[] }

/** At any time no level is below zero. */
export const checkLevels = async ({ client, products }: Omit<StockPorts, 'ledger'>): Promise<Violation[]> => {
  const found: Violation[] = []
  for (const { productId } of products) {
    const response = await client.send({ method: 'GET', path: `/inventory/${productId}` })
    if (response?.status !== 200) continue
    const { onHand, reserved, available } = levelSchema.parse(response.body)
    if (reserved >= 0 && available >= 0 && available === onHand - reserved) continue
    const units = Math.max(0, -available)
    found.push({ kind: 'oversold', subject: productId, detail: JSON.stringify(response.body), units })
  }
  return found
}

/** At rest each received unit is on hand or in a confirmed order, and the ledger of movements agrees. */
export const checkStock = async (
  { client, ledger, products }: StockPorts,
  orders: readonly Order[],
): Promise<Violation[]> => {
  const found: Violation[] = []
  for (const { productId } of products) {
    const level = await readAs(client, `/inventory/${productId}`, levelSchema)
    const received = ledger.receivedUnits(productId)
    const sold = soldUnits(orders, productId)
    const moved = await movedUnits(client, productId)
    const product = await readAs(client, `/products/${productId}`, productSchema)
    const books = { received, sold, level, moved }
    const drift = (detail: string): Violation => ({
      kind: 'stock drift',
      subject: productId,
      detail,
      evidence: books,
    })
    if (sold > received) {
      found.push({ ...drift(`sold ${sold} of ${received}`), kind: 'oversold', units: sold - received })
    }
    if (level?.onHand !== received - sold)
      found.push(drift(`received ${received}, sold ${sold}, and ${level?.onHand} on hand`))
    if (level?.reserved !== 0) found.push(drift(`${level?.reserved} reserved at rest`))
    if (moved !== level?.onHand) found.push(drift(`movements add up to ${moved}`))
    if (!isSameProduct(product, ledger.lastProduct(productId)))
      found.push(drift('the product is not what it was last set to'))
  }
  return found
}

const soldUnits = (orders: readonly Order[], productId: string): number =>
  orders
    .filter(({ status }) => status === 'confirmed')
    .flatMap(({ items }) => items)
    .filter((item) => item.productId === productId)
    .reduce((sum, { quantity }) => sum + quantity, 0)

const EFFECT_ON_HAND = {
  receipt: 1,
  adjustment: 1,
  reservation: 0,
  commit: -1,
  release: 0,
  return: 1,
} as const

const movedUnits = async (client: Client, productId: string): Promise<number> => {
  const movements = await readPages(client, `/inventory/${productId}/movements`, movementSchema)
  return movements.reduce((sum, { kind, quantity }) => sum + EFFECT_ON_HAND[kind] * quantity, 0)
}

const isSameProduct = (product: z.infer<typeof productSchema> | undefined, wanted: unknown): boolean => {
  const last = productSchema.omit({ productId: true }).parse(wanted)
  return (
    product?.name === last.name && product.unitPrice === last.unitPrice && product.currency === last.currency
  )
}
