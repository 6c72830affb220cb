import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpClient } from './http-client.ts'
import type { Sent } from './load.ts'

/** An order as the system stored it; times in milliseconds since 1970. */
export type StoredOrder = {
  orderId: string
  status: string
  placedAt: number
  decidedAt: number
  settledAt: number
  /** Units that left the stock for good. */
  committedUnits: ReadonlyMap<string, number>
}

/** A system that settles nothing for so long has lost orders. */
const SETTLE_MS_MAX = 180_000
const LOOK_AGAIN_MS = 100
const READERS = 16

/** Waits until all accepted orders are settled, and reads them. Reading begins with the last one, to disturb little. */
export const readSettled = async (client: HttpClient, sent: readonly Sent[]): Promise<StoredOrder[]> => {
  const orderIds = [...new Set(sent.flatMap(({ orderId }) => orderId ?? []))]
  const giveUpAt = performance.now() + SETTLE_MS_MAX
  const waiting = orderIds.toReversed()
  const stored: StoredOrder[] = []
  const last = waiting.shift()
  if (last !== undefined) stored.push(await untilSettled(client, last, giveUpAt))
  const readers = Array.from({ length: READERS }, async () => {
    for (let orderId = waiting.shift(); orderId !== undefined; orderId = waiting.shift())
      stored.push(await untilSettled(client, orderId, giveUpAt))
  })
  await Promise.all(readers)
  return stored
}

const untilSettled = async (client: HttpClient, orderId: string, giveUpAt: number): Promise<StoredOrder> => {
  for (;;) {
    const { status, body } = await client.call('GET', `/orders/${orderId}`)
    if (status !== 200) throw new Error(`GET /orders/${orderId}: ${status} ${JSON.stringify(body)}`)
    if (typeof body['settledAt'] === 'string') return storedOrder(body)
    if (performance.now() > giveUpAt) throw new Error(`${orderId} is not settled: ${JSON.stringify(body)}`)
    await sleep(LOOK_AGAIN_MS)
  }
}

const storedOrder = (view: Record<string, unknown>): StoredOrder => {
  const at = (name: string): number => Date.parse(String(view[name]))
  const items = view['items'] as { productId: string; quantity: number }[]
  const isConfirmed = view['status'] === 'confirmed'
  return {
    orderId: String(view['orderId']),
    status: String(view['status']),
    placedAt: at('placedAt'),
    decidedAt: at('decidedAt'),
    settledAt: at('settledAt'),
    committedUnits: new Map(isConfirmed ? items.map(({ productId, quantity }) => [productId, quantity]) : []),
  }
}
