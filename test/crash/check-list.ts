import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import type { Client } from './client.ts'
import type { Order } from './ledger.ts'
import { readPages } from './read-pages.ts'
import type { Violation } from './violations.ts'

/** The list follows a moment after the orders, and five seconds after its database failed. */
const FOLLOWS_WITHIN_MS = 20_000

/** Compares the list of orders with the orders themselves, and with all requests of this run. */
export const checkList = async (
  client: Client,
  { orders, run }: { orders: readonly Order[]; run: string },
): Promise<Violation[]> => {
  for (const giveUpAt = Date.now() + FOLLOWS_WITHIN_MS; ; await sleep(1_000)) {
    const listed = await readPages(client, '/orders', orderSchema)
    const found = differences(
      listed.filter(({ reference }) => reference?.startsWith(`${run}-`)),
      orders,
    )
    if (found.length === 0 || Date.now() > giveUpAt) return found
  }
}

const differences = (listed: readonly Order[], orders: readonly Order[]): Violation[] => {
  const unmatched = new Map(listed.map((order) => [order.orderId, order]))
  const found: Violation[] = []
  for (const order of orders) {
    const inList = unmatched.get(order.orderId)
    unmatched.delete(order.orderId)
    if (inList === undefined) found.push(stale(order, 'is not in the list'))
    else if (!isDeepStrictEqual(inList, order))
      found.push(stale(order, `is listed as version ${inList.version}`))
  }
  return [...found, ...Array.from(unmatched.values(), inNoResponse), ...placedTwice(listed)]
}

const stale = (order: Order, detail: string): Violation => ({
  kind: 'list',
  subject: order.orderId,
  detail: `version ${order.version} ${detail}`,
})

const inNoResponse = (order: Order): Violation => ({
  kind: 'double order',
  subject: order.orderId,
  detail: `is listed, and is in no response to ${order.reference}`,
  evidence: order,
})

const placedTwice = (listed: readonly Order[]): Violation[] => {
  const ids = new Map<string, string[]>()
  for (const { reference = '', orderId } of listed)
    ids.set(reference, [...(ids.get(reference) ?? []), orderId])
  return [...ids]
    .filter(([, orders]) => orders.length > 1)
    .map(([reference, orders]) => ({
      kind: 'double order',
      subject: reference,
      detail: `one key, ${orders.length} orders: ${orders.join(', ')}`,
    }))
}
