import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../crash/system.ts'
import { inParallel } from '../support/parallel.ts'
import { type Call, createCall, oneOf } from './caller.ts'
import { quantiles } from './figures.ts'

const SENDERS = 20
const BATCH = 100
const BATCH_EVERY_MS = 200
/** The flood begins a moment before. */
const HEAD_START_MS = 3_000
const SETTLED_WITHIN_MS = 300_000
const STOCK = 1_000_000

type Drill = { system: System; url: string; key: string; count: number }

/** The result of a client's burst of orders beside another client that floods the system with batches. */
export const placeBesideFlood = async ({ system, url, key, count }: Drill): Promise<void> => {
  await system.start().ready
  const operator = createCall(url, key)
  const shop = createCall(url, await newKey(operator, 'shop', ['orders:write']))
  const neighbour = createCall(url, await newKey(operator, 'neighbour', ['events:write']))
  await operator('POST', '/inventory/P001/adjustments', { delta: STOCK })
  const stop = new AbortController()
  const flood = floodUntil(neighbour, stop.signal)
  await sleep(HEAD_START_MS)
  const tookMs: number[] = []
  const orderIds: string[] = []
  const refused = { count: 0 }
  const startedAt = Date.now()
  await inParallel(Array.from({ length: count }).keys(), SENDERS, async () => {
    const { status, body, tookMs: ms } = await placePatiently(shop, refused)
    if (status !== 202) throw new Error(`POST /orders got ${status}`)
    tookMs.push(ms)
    orderIds.push(String(body.orderId))
  })
  console.log(
    `${count} orders placed in ${Date.now() - startedAt} ms, ${refused.count} responses 429; POST /orders ${quantiles(tookMs)}`,
  )
  stop.abort()
  console.log(await flood)
  console.log(`settled after ${quantiles(await settlingTimes(operator, orderIds))}`)
}

const newKey = async (operator: Call, client: string, scopes: string[]): Promise<string> =>
  String((await operator('POST', '/keys', { client, scopes })).body.key)

/** A good client waits after a 429. */
const placePatiently = async (shop: Call, refused: { count: number }) => {
  for (;;) {
    const response = await shop('POST', '/orders', oneOf('P001'))
    if (response.status !== 429) return response
    refused.count += 1
    await sleep(1_000)
  }
}

const floodUntil = async (neighbour: Call, stop: AbortSignal): Promise<string> => {
  const statuses = new Map<number, number>()
  const sent: Promise<void>[] = []
  while (!stop.aborted) {
    const batch = batchOf(sent.length)
    const one = neighbour('POST', '/events', batch).then(
      ({ status }) => void statuses.set(status, (statuses.get(status) ?? 0) + 1),
      () => void statuses.set(0, (statuses.get(0) ?? 0) + 1),
    )
    sent.push(one)
    await sleep(BATCH_EVERY_MS)
  }
  await Promise.all(sent)
  return `${sent.length} batches of ${BATCH} beside: ${[...statuses].map(([status, times]) => `${times} got ${status}`).join(', ')}`
}

const batchOf = (number: number) =>
  Array.from({ length: BATCH }, (_, index) => ({
    ...{ eventType: 'OrderPlaced', orderId: `flood-${number}-${index}`, totalAmount: 50 },
    ...{ items: [{ productId: 'P001', quantity: 1 }], timestamp: '2026-11-27T00:00:00Z' },
  }))

const settlingTimes = async (operator: Call, orderIds: readonly string[]): Promise<number[]> => {
  const waiting = new Set(orderIds)
  const times: number[] = []
  for (const giveUpAt = Date.now() + SETTLED_WITHIN_MS; waiting.size > 0 && Date.now() < giveUpAt; ) {
    await inParallel([...waiting], SENDERS, async (orderId) => {
      const { body } = await operator('GET', `/orders/${orderId}`)
      if (typeof body.settledAt !== 'string') return
      waiting.delete(orderId)
      times.push(Date.parse(body.settledAt) - Date.parse(String(body.placedAt)))
    })
    if (waiting.size > 0) await sleep(1_000)
  }
  if (waiting.size > 0) console.log(`${waiting.size} orders are not settled`)
  return times
}
