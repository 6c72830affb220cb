import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { levelSchema } from '../../src/contracts/http/inventory.ts'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { inParallel } from '../support/parallel.ts'
import { membersOf } from '../support/processes.ts'

/** Open requests at once, far more than the system serves at a time. */
const SENDERS = 100
const READERS = 20
const PRODUCT_ID = 'BURST'
const PAGE_BYTES = 4_096
const MEGABYTE = 1_048_576
const MEMORY_EVERY_MS = 500
const BETWEEN_ROUNDS_MS = 1_000
/** A hundred times the time that an idle machine needs for this many orders. */
const SETTLED_WITHIN_MS_PER_ORDER = 200

type Burst = { url: string; apiKey: string; orders: number; group: number }

/** Places all orders as fast as they are taken, waits until all are settled, and prints the figures. */
export const runBurst = async ({ url, apiKey, orders, group }: Burst): Promise<{ isGood: boolean }> => {
  const call = createCaller(url, apiKey)
  await call('PUT', `/products/${PRODUCT_ID}`, { name: 'Burst', unitPrice: 1, currency: 'USD' })
  await call('POST', `/inventory/${PRODUCT_ID}/adjustments`, { delta: orders })
  await untilKnown(call)
  const memory = measureMemory(group)
  const startedAt = Date.now()
  const waiting = await placeAll(call, orders)
  const placedAt = Date.now()
  console.log(`${waiting.size} of ${orders} orders accepted in ${placedAt - startedAt} ms`)
  for (const giveUpAt = placedAt + orders * SETTLED_WITHIN_MS_PER_ORDER; waiting.size > 0; ) {
    await forgetSettled(call, waiting)
    if (Date.now() > giveUpAt) break
    if (waiting.size > 0) await sleep(BETWEEN_ROUNDS_MS)
  }
  const { onHand, reserved } = levelSchema.parse(await call('GET', `/inventory/${PRODUCT_ID}`))
  console.log(
    `${waiting.size} unsettled ${Date.now() - placedAt} ms after the last was accepted; ` +
      `${onHand} on hand, ${reserved} reserved; most memory ${memory.stop()}`,
  )
  return { isGood: waiting.size === 0 && onHand === 0 && reserved === 0 }
}

type Caller = (method: string, path: string, body?: unknown) => Promise<unknown>

const createCaller =
  (url: string, apiKey: string): Caller =>
  async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path} got ${response.status} ${await response.text()}`)
    return await response.json()
  }

/** The order service learns of a new product by event, and keeps its copy of the catalogue for some seconds. */
const untilKnown = async (call: Caller): Promise<void> => {
  const order = { items: [{ productId: PRODUCT_ID, quantity: 1 }], totalAmount: 0 }
  const isKnown = () =>
    call('POST', '/orders', order).catch((error: Error) => error.message.includes('price_mismatch'))
  while (!(await isKnown())) await sleep(BETWEEN_ROUNDS_MS)
}

const placeAll = async (call: Caller, orders: number): Promise<Set<string>> => {
  const ids = new Set<string>()
  const body = { items: [{ productId: PRODUCT_ID, quantity: 1 }] }
  await inParallel(Array.from({ length: orders }).keys(), SENDERS, async () => {
    ids.add(orderSchema.parse(await call('POST', '/orders', body)).orderId)
  })
  return ids
}

const forgetSettled = async (call: Caller, waiting: Set<string>): Promise<void> => {
  await inParallel([...waiting], READERS, async (orderId) => {
    const order = orderSchema.parse(await call('GET', `/orders/${orderId}`))
    if (order.settledAt !== undefined && order.status === 'confirmed') waiting.delete(orderId)
  })
}

/** The highest resident memory of the whole process group. Linux only. */
const measureMemory = (group: number): { stop(): string } => {
  const most = new Map<string, number>()
  const measure = () => {
    for (const { pid, name } of membersOf(group)) {
      const megabytes = Math.round(residentBytes(pid) / MEGABYTE)
      const process = `${name} ${pid}`
      most.set(process, Math.max(most.get(process) ?? 0, megabytes))
    }
  }
  const timer = setInterval(measure, MEMORY_EVERY_MS)
  const stop = (): string => {
    clearInterval(timer)
    return Array.from(most, ([process, megabytes]) => `${process}: ${megabytes} MB`).join(', ')
  }
  return { stop }
}

const residentBytes = (pid: number): number => {
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    return Number(pages) * PAGE_BYTES
  } catch {
    // The process ended meanwhile, or this system is not Linux.
    return 0
  }
}
