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

type Served = { system: System; url: string; stateDir: string }
type Drill = Served & { systemIn(folder: string): Promise<Served>; key: string; count: number }

/** A started system, and the orders that are read from it. */
type Measured = { call: Call; orderIds: readonly string[] }

/**
 * What accepting, reading and listing take in a system with so many settled orders, and in an empty one beside it. Each
 * call goes to one and then to the other, so that both have the same machine.
 */
export const serveAmongStoredOrders = async ({ systemIn, key, count, ...full }: Drill): Promise<void> => {
  const life = full.system.start()
  await life.ready
  const templates = await placeSome(createCall(full.url, key), TEMPLATES)
  await sleep(LISTED_AFTER_MS)
  await full.system.kill(life)
  const startedAt = Date.now()
  const { orderIds, bytes } = await copyOrders(full.stateDir, templates, count)
  console.log(`${count} orders written in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  printBytes(bytes, count)

  const empty = await systemIn('empty')
  const fullCall = await start(full, key)
  const emptyCall = await start(empty, key)
  await placeSome(fullCall, WARM_UP_ORDERS)
  const emptyIds = await placeSome(emptyCall, WARM_UP_ORDERS)
  const calls = { empty: { call: emptyCall, orderIds: emptyIds }, full: { call: fullCall, orderIds } }
  for (const [name, run] of Object.entries(MEASURED)) {
    const times = await timesOf(calls, run)
    const ratio = (median(times.full) / median(times.empty)).toFixed(2)
    console.log(
      `${name}: ${quantiles(times.empty)} empty, ${quantiles(times.full)} among them, ${ratio} times`,
    )
  }
}

const start = async ({ system, url }: Served, key: string): Promise<Call> => {
  await system.start().ready
  const call = createCall(url, key)
  await call('POST', '/inventory/P001/adjustments', { delta: 10_000 })
  return call
}

const placeSome = async (call: Call, count: number): Promise<string[]> => {
  const orderIds: string[] = []
  for (let order = 0; order < count; order += 1) orderIds.push(await place(call))
  return orderIds
}

const place = async (call: Call): Promise<string> => {
  const { status, body } = await call('POST', '/orders', { ...oneOf('P001'), customerId: 'cust_1' })
  if (status !== 202) throw new Error(`An order was answered ${status}: ${JSON.stringify(body)}`)
  return String(body['orderId'])
}

const MEASURED: Record<string, (measured: Measured, turn: number) => ReturnType<Call>> = {
  accept: ({ call }) => call('POST', '/orders', oneOf('P001')),
  read: ({ call, orderIds }, turn) => call('GET', `/orders/${orderIds[(turn * 7_919) % orderIds.length]}`),
  list: ({ call }) => call('GET', '/orders?limit=100'),
  listOfCustomer: ({ call }) => call('GET', '/orders?limit=100&customerId=cust_1'),
}

/** Times in milliseconds: each system is first in half of the turns. */
const timesOf = async (
  systems: Record<'empty' | 'full', Measured>,
  run: (typeof MEASURED)[string],
): Promise<Record<'empty' | 'full', number[]>> => {
  const times = { empty: [] as number[], full: [] as number[] }
  for (let turn = 0; turn < MEASURED_CALLS; turn += 1) {
    for (const name of turn % 2 === 0 ? (['empty', 'full'] as const) : (['full', 'empty'] as const)) {
      const { status, tookMs } = await run(systems[name], turn)
      if (status >= 300) throw new Error(`A call was answered ${status}.`)
      times[name].push(tookMs)
    }
  }
  return times
}

const printBytes = (bytes: StoredBytes, count: number): void => {
  for (const [name, grown] of Object.entries(bytes))
    console.log(`${name}: ${Math.round(grown / count)} bytes an order`)
}
