import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../crash/system.ts'
import { type Call, createCall, oneOf } from './caller.ts'
import { median, quantiles } from './figures.ts'
import { copyOrders, type StoredBytes } from './stored-orders.ts'

const TEMPLATES = 20
const WARM_UP_ORDERS = 300
const MEASURED_CALLS = 300
/** Lists follow two to three seconds behind. */
const LISTED_AFTER_MS = 5_000

type Drill = { system: System; url: string; key: string; stateDir: string; count: number }

/** What accepting, reading and listing take in an empty system, and in the same one with so many settled orders. */
export const serveAmongStoredOrders = async ({ system, url, key, stateDir, count }: Drill): Promise<void> => {
  const call = createCall(url, key)
  const first = system.start()
  await first.ready
  await call('POST', '/inventory/P001/adjustments', { delta: 10_000 })
  const templates: string[] = []
  for (let order = 0; order < TEMPLATES; order += 1) templates.push(await place(call))
  const empty = await measure(call, templates)
  await sleep(LISTED_AFTER_MS)
  await system.kill(first)
  const startedAt = Date.now()
  const { orderIds, bytes } = await copyOrders(stateDir, templates, count)
  console.log(`${count} orders written in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  printBytes(bytes, count)
  await system.start().ready
  const full = await measure(call, orderIds)
  for (const name of ['accept', 'read', 'list', 'listOfCustomer'] as const) {
    const ratio = (median(full[name]) / median(empty[name])).toFixed(2)
    console.log(
      `${name}: ${quantiles(empty[name])} empty, ${quantiles(full[name])} among them, ${ratio} times`,
    )
  }
}

const place = async (call: Call): Promise<string> => {
  const { status, body } = await call('POST', '/orders', { ...oneOf('P001'), customerId: 'cust_1' })
  if (status !== 202) throw new Error(`An order was answered ${status}: ${JSON.stringify(body)}`)
  return String(body['orderId'])
}

/** One call after the other, after a warm-up. */
const measure = async (call: Call, orderIds: readonly string[]) => {
  for (let order = 0; order < WARM_UP_ORDERS; order += 1) await place(call)
  const read = (turn: number) => `/orders/${orderIds[(turn * 7_919) % orderIds.length]}`
  return {
    accept: await timesOf(() => call('POST', '/orders', oneOf('P001'))),
    read: await timesOf((turn) => call('GET', read(turn))),
    list: await timesOf(() => call('GET', '/orders?limit=100')),
    listOfCustomer: await timesOf(() => call('GET', '/orders?limit=100&customerId=cust_1')),
  }
}

const timesOf = async (run: (turn: number) => ReturnType<Call>): Promise<number[]> => {
  const times: number[] = []
  for (let turn = 0; turn < MEASURED_CALLS; turn += 1) {
    const { status, tookMs } = await run(turn)
    if (status >= 300) throw new Error(`A call was answered ${status}.`)
    times.push(tookMs)
  }
  return times
}

const printBytes = (bytes: StoredBytes, count: number): void => {
  for (const [name, grown] of Object.entries(bytes))
    console.log(`${name}: ${Math.round(grown / count)} bytes an order`)
}
