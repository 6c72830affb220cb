import { inParallel } from '../support/parallel.ts'
import { checkList } from './check-list.ts'
import { checkOrder } from './check-order.ts'
import { checkStock } from './check-stock.ts'
import type { Client } from './client.ts'
import { gatherEvidence } from './evidence.ts'
import type { Ledger, Order } from './ledger.ts'
import type { Product } from './products.ts'
import type { Violation } from './violations.ts'

const READERS = 6

export type CheckPorts = { client: Client; ledger: Ledger; products: readonly Product[]; run: string }

/** All checks at rest from outside. Also returns the orders as they are now. */
export const checkAll = async ({ client, ledger, products, run }: CheckPorts) => {
  const orders: Order[] = []
  const violations: Violation[] = []
  const scarce = new Set(products.filter(({ isScarce }) => isScarce).map(({ productId }) => productId))
  await inParallel(ledger.placed, READERS, async (placed) => {
    const evidence = await gatherEvidence(client, ledger, placed)
    if (evidence.order !== undefined) orders.push(evidence.order)
    violations.push(...checkOrder(evidence, (productId) => scarce.has(productId)))
  })
  violations.push(...(await checkStock({ client, ledger, products }, orders)))
  violations.push(...(await checkList(client, { orders, run })))
  return { orders, violations }
}
