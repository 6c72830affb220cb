import { afterAll, beforeAll, expect, it } from 'vitest'
import type { components } from '../../packages/client/src/index.ts'
import { ERASED } from '../../src/contracts/customer-erasure.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

const SAID = { customerId: 'cust_4711', reference: 'Anna Example', metadata: { phone: '555-0100' } }
const WORDS = /cust_4711|Anna Example|555-0100/
const WANTED = { client: 'web-shop', customerId: SAID.customerId }

/** Every partition is full from the start. Orders are taken all the same. */
const FULL = { ORDER_PARTITIONS: '2', ORDER_PARTITION_BYTES_MAX: '1' }

let system: System
let admin: ReturnType<typeof openShop>
let shop: ReturnType<typeof openShop>
let orderId: string

beforeAll(async () => {
  system = await startSystem({ order: { vars: FULL }, payment: { vars: { ORDER_PARTITIONS: '2' } } })
  admin = openShop(system)
  shop = await openShopOf(system, 'web-shop', ['orders:read', 'orders:write'])
  await admin.stock('P001', 10)
  const items = [{ productId: 'P001', quantity: 1 }]
  const placed = await shop.post('/orders', { items, ...SAID }, { 'idempotency-key': 'checkout-1' })
  orderId = placed.body.orderId
  await shop.settled(orderId)
  const data = { ...SAID, orderId, items }
  const poison = { specversion: '1.0', id: 'poison', source: '/web', type: 'OrderPlaced', schemaversion: 99 }
  await system.send('inventory-inbox', [{ ...poison, subject: orderId, client: 'web-shop', data }])
  const isComplete = (text: string) => text.includes('"poison"') && text.includes('listed_orders')
  await eventually(databases, (text) => isComplete(text) && WORDS.test(text))
  await eventually(
    () => shop.call(`/orders?customerId=${SAID.customerId}`),
    ({ body }) => body.items.length === 1,
  )
})

afterAll(() => system.close())

/** All rows of all tables in the D1 databases, as one text. */
const databases = async (): Promise<string> => {
  const { ORDERS_DB, LISTS_DB } = await system.env('order')
  const { OPERATIONS_DB } = await system.env('operations')
  const { PAYMENTS_DB } = await system.env('payment')
  const { INVENTORY_DB } = await system.env('inventory')
  const all = [ORDERS_DB, LISTS_DB, OPERATIONS_DB, PAYMENTS_DB, INVENTORY_DB].map(async (database) => {
    const tables = await database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'")
      .all<{ name: string }>()
    const rows = tables.results
      .filter(({ name }) => !/^(?:sqlite|d1)_/.test(name))
      .map(async ({ name }) => ({ [name]: (await database.prepare(`SELECT * FROM ${name}`).all()).results }))
    return await Promise.all(rows)
  })
  return JSON.stringify(await Promise.all(all))
}

type Portion = components['schemas']['Erasure']

/** Every portion, as `npm run ops -- customers erase` asks for them. */
const erase = async (changes: object = {}) => {
  const portions: Portion[] = []
  let cursor: string | undefined
  do {
    const body = { ...WANTED, ...changes, ...(cursor !== undefined && { cursor }) }
    const response = await admin.post('/customers/erase', body)
    expect(response.status).toBe(200)
    portions.push(response.body)
    cursor = response.body.nextCursor
  } while (cursor !== undefined)
  return {
    parts: portions.map(({ progress }) => `${progress.part} ${progress.number}/${progress.of}`),
    orders: portions.flatMap(({ orders }) => orders),
    waiting: portions.flatMap(({ waiting }) => waiting),
    deadLetters: portions.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
  }
}

it('only tells in a dry run what it would erase, part by part', async () => {
  const found = await erase({ dryRun: true })
  expect(found).toMatchObject({ orders: [orderId], waiting: [], deadLetters: 1 })
  expect(found.parts.at(-1)).toBe(`dead-letters ${found.parts.length}/${found.parts.length}`)
  expect(await shop.read(orderId)).toMatchObject(SAID)
})

it('goes on with no cursor of another customer', async () => {
  const { body } = await admin.post('/customers/erase', { ...WANTED, dryRun: true })
  const other = { ...WANTED, customerId: 'cust_2', dryRun: true, cursor: body.nextCursor }
  expect(await admin.problem(admin.post('/customers/erase', other))).toMatchObject({
    ...{ status: 422, paths: ['/cursor'] },
  })
})

it('leaves nothing about the customer in orders, lists, dead letters and logs, and the books add up', async () => {
  const [before, etag] = [
    await shop.read(orderId),
    (await shop.call(`/orders/${orderId}`)).headers.get('etag'),
  ]
  expect(await erase({ reason: 'Asked for by letter.' })).toMatchObject({ orders: [orderId], deadLetters: 1 })

  const after = await shop.read(orderId)
  const { customerId: _id, reference: _reference, metadata: _metadata, ...kept } = before
  expect(after).toEqual({ ...kept, version: before.version + 1, customerId: ERASED })
  const stale = await shop.call(`/orders/${orderId}`, { headers: { 'if-none-match': etag ?? '' } })
  expect(stale.status).toBe(200)

  await eventually(databases, (text) => !WORDS.test(text))
  const story = await Promise.all(
    ['', '/events', '/story'].map((part) => admin.call(`/orders/${orderId}${part}`)),
  )
  expect(JSON.stringify(story.map(({ body }) => body))).not.toMatch(WORDS)

  const { body: audit } = await admin.call('/audit')
  expect(audit.laws.filter(({ drift }: { drift: number }) => drift !== 0)).toEqual([])
  const log = await eventually(
    () => admin.call('/audit-log?action=customer_erased'),
    ({ body }) => body.items.length === 2,
  )
  expect(log.body.items.map(({ after: changed }: { after: unknown }) => changed)).toEqual([
    { client: 'web-shop', orders: [], deadLetters: 1 },
    { client: 'web-shop', orders: [orderId], deadLetters: 0 },
  ])
})

it('finds nothing when it is asked again', async () => {
  expect(await erase()).toMatchObject({ orders: [], waiting: [], deadLetters: 0 })
})

it('answers the repeated placement with the order, without what was erased', async () => {
  const items = [{ productId: 'P001', quantity: 1 }]
  const again = await shop.post('/orders', { items, ...SAID }, { 'idempotency-key': 'checkout-1' })
  expect(again.status).toBe(202)
  expect(again.body).toMatchObject({ orderId, customerId: ERASED })
  expect(JSON.stringify(again.body)).not.toMatch(WORDS)
})

it('warns that every partition is full, and names what adds more', async () => {
  const { body } = await admin.call('/readyz')
  expect(body.workers.order.warnings).toContain(
    'Every order partition has reached ORDER_PARTITION_BYTES_MAX. New orders still go there, until 10 GB. Lengthen ORDER_PARTITIONS in wrangler.toml and workers/payment/wrangler.toml to add partitions',
  )
  const { body: metrics } = await admin.call('/metrics')
  expect(metrics).toContain('edge_orders_partition_full{partition="orders-0"} 1\n')
  expect(metrics).toContain('edge_orders_partition_full{partition="orders-1"} 1\n')
  for (const database of ['orders', 'lists', 'inventory', 'payments', 'operations'])
    expect(metrics).toMatch(new RegExp(`edge_orders_database_size_bytes{database="${database}"} [1-9]`))
})
