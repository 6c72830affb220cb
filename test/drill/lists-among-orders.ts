import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../crash/system.ts'
import { type Call, createCall } from './caller.ts'
import { quantiles } from './figures.ts'

const LISTS_A_SECOND = 6
const ORDERS_A_SECOND = 5
const MEASURED_MS = 20_000
const WARM_UP_ORDERS = 50
/** Lists follow about a second behind. */
const LISTED_AFTER_MS = 3_000

const QUERIES = ['', 'status=confirmed', 'status=rejected', 'customerId=cust_1', 'reference=web-1']

type Drill = { system: System; url: string; key: string; stateDir: string; count: number }

/** The time until orders are accepted, while a client lists its few orders among many of others. */
export const listAmongOrders = async ({ system, url, key, stateDir, count }: Drill): Promise<void> => {
  const operator = createCall(url, key)
  const first = system.start()
  await first.ready
  const scopes = ['orders:read', 'orders:write']
  const { body } = await operator('POST', '/keys', { client: 'small-shop', scopes })
  const client = createCall(url, String(body['key']))
  await operator('POST', '/inventory/P001/adjustments', { delta: 10_000 })
  for (const reference of ['web-1', 'web-2', 'web-3']) await client('POST', '/orders', orderOf(reference))
  await sleep(LISTED_AFTER_MS)
  await system.kill(first)
  fillList(join(stateDir, 'v3/d1/miniflare-D1DatabaseObject'), count)
  await system.start().ready
  for (let order = 0; order < WARM_UP_ORDERS; order += 1) await client('POST', '/orders', orderOf('warm-up'))
  await sleep(LISTED_AFTER_MS)
  const alone = await measure(client, { isListing: false })
  const beside = await measure(client, { isListing: true })
  console.log(`POST /orders, nothing beside it: ${quantiles(alone.orders)}`)
  console.log(`POST /orders, ${LISTS_A_SECOND} lists a second beside it: ${quantiles(beside.orders)}`)
  console.log(`GET /orders, among ${count} orders of others: ${quantiles(beside.lists)}`)
}

const orderOf = (reference: string) => ({
  items: [{ productId: 'P001', quantity: 1 }],
  ...{ customerId: 'cust_1', reference },
})

/** Writes the orders of others straight into the database of the lists: the one with orders and without a catalogue. */
const fillList = (folder: string, count: number): void => {
  const now = Date.now()
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(folder, name))
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const names = tables.map((table) => table['name'])
    if (names.includes('listed_orders')) database.exec(othersSql(now, count))
    database.close()
  }
}

const othersSql = (now: number, count: number): string => `
  INSERT INTO listed_orders (placed_at, order_id, version, client, status, customer_id, reference, view)
  WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
  SELECT ${now} + n, 'ord_0_other' || n, 7, 'other-' || (n % 10), iif(n % 50, 'confirmed', 'rejected'),
    'cust_' || (n % 100), 'web-' || (n % 1000), json_object('orderId', 'ord_0_other' || n, 'filler', hex(randomblob(400)))
  FROM numbers`

const measure = async (client: Call, { isListing }: { isListing: boolean }) => {
  const endsAt = Date.now() + MEASURED_MS
  const [orders, lists]: [number[], number[]] = [[], []]
  const place = async () => void orders.push((await client('POST', '/orders', orderOf('web-9'))).tookMs)
  const list = async () => {
    const query = QUERIES[lists.length % QUERIES.length]
    lists.push((await client('GET', `/orders?limit=100&${query}`)).tookMs)
  }
  await Promise.all([
    atRate(ORDERS_A_SECOND, endsAt, place),
    isListing ? atRate(LISTS_A_SECOND, endsAt, list) : undefined,
  ])
  return { orders, lists }
}

/** Calls at a steady rate, which does not wait for responses. */
const atRate = async (aSecond: number, endsAt: number, run: () => Promise<void>): Promise<void> => {
  const running: Promise<void>[] = []
  while (Date.now() < endsAt) {
    running.push(run())
    await sleep(1_000 / aSecond)
  }
  await Promise.all(running)
}
