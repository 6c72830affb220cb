import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../src/kernel/instant.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

const EXTERNAL = {
  eventType: 'OrderPlaced',
  orderId: 'web-1',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 100,
  timestamp: '2023-10-05T12:00:00Z',
}

let system: System
let admin: ReturnType<typeof openShop>
let shop: ReturnType<typeof openShop>
let cursor: string
let view: unknown

const partition = async () => await system.storage('order', 'OrderObject', { name: 'orders-0' })

const rows = async <Row>(query: string): Promise<Row[]> => (await (await partition()).exec(query)) as Row[]

/** As if everything about the orders had happened nine days ago. */
const age = async () => {
  for (const { order_id, document } of await rows<{ order_id: string; document: string }>(
    'SELECT * FROM orders',
  )) {
    const aged = JSON.parse(document, (_key, value) =>
      typeof value === 'number' && value > 1_700_000_000_000 ? value - 9 * DAY_MS : value,
    )
    await (await partition()).exec(
      'UPDATE orders SET document = ? WHERE order_id = ?',
      ...[JSON.stringify(aged), order_id],
    )
  }
  const { LISTS_DB } = await system.env('order')
  await LISTS_DB.prepare('UPDATE listed_orders SET placed_at = placed_at - ?')
    .bind(9 * DAY_MS)
    .run()
}

const withRetention = (days: string) => {
  const vars = { ORDER_PARTITIONS: '1' }
  return { order: { vars: { ...vars, RETENTION_DAYS: days } }, payment: { vars } }
}

beforeAll(async () => {
  system = await startSystem(withRetention('7'))
  admin = openShop(system)
  shop = await openShopOf(system, 'web-shop', ['orders:read', 'orders:write', 'events:write'])
  await admin.stock('P001', 10)
  cursor = (await admin.call('/feed/orders')).headers.get('next-cursor') ?? ''
  await shop.post('/events', EXTERNAL)
  view = await shop.settled('web-1')
  await eventually(
    () => shop.call('/orders'),
    ({ body }) => body.items[0]?.settledAt !== undefined,
  )
  await eventually(
    () => rows<{ due_at: number | null }>('SELECT due_at FROM orders'),
    (found) => found.length === 1 && found[0]?.due_at === null,
  )
  await age()
  await system.restart()
  await eventually(
    async () => {
      await system.fetch('/readyz')
      return await rows<{ orders: number }>('SELECT count(*) AS orders FROM orders')
    },
    ([found]) => found?.orders === 0,
  )
})

afterAll(() => system.close())

it('an order that has left is read as before, and is in no list', async () => {
  const {
    settledAt: _settled,
    placedAt: _placed,
    decidedAt: _decided,
    ...kept
  } = view as Record<string, unknown>
  expect(await shop.read('web-1')).toMatchObject(kept)
  const { body: events } = await shop.call('/orders/web-1/events')
  expect(events.events.at(-1)).toMatchObject({ type: 'OrderSettled' })
  expect((await shop.call('/orders/web-1/trace')).status).toBe(200)
  await eventually(
    () => shop.call('/orders'),
    ({ body }) => body.items.length === 0,
  )
  const other = await openShopOf(system, 'other-shop', ['orders:read'])
  expect((await other.call('/orders/web-1')).status).toBe(404)
})

it('its event places nothing when it comes again, and another order may not take its id', async () => {
  expect((await shop.post('/events', EXTERNAL)).status).toBe(202)
  const changed = { ...EXTERNAL, items: [{ productId: 'P001', quantity: 3 }], totalAmount: 150 }
  expect(await shop.problem(shop.post('/events', changed))).toMatchObject({
    ...{ status: 409, code: 'order_id_taken' },
  })
  expect(await rows('SELECT order_id FROM orders')).toEqual([])
})

it('what comes late about it changes nothing', async () => {
  expect(await shop.problem(shop.post('/orders/web-1/cancel', {}))).toMatchObject({
    ...{ status: 409, code: 'order_not_cancellable' },
  })
  const { body: replay } = await admin.post('/replays', { to: 'payment', orderIds: ['web-1'] })
  expect(replay).toMatchObject({ orders: 0, notFound: ['web-1'] })
  expect(await admin.problem(admin.call(`/feed/orders?after=${cursor}`))).toMatchObject({
    ...{ status: 422, code: 'feed_cursor_refused' },
  })
  expect((await admin.call('/feed/orders')).body).toEqual([])
})

it('inventory and payment have let go of it, and the books add up', async () => {
  await eventually(
    () => rows('SELECT portion FROM departures WHERE due_at IS NOT NULL'),
    (open) => open.length === 0,
  )
  const { body: audit } = await admin.call('/audit')
  expect(audit.laws.filter(({ drift }: { drift: number }) => drift !== 0)).toEqual([])
})

it('it is still read once RETENTION_DAYS is set back to 0', async () => {
  await system.restart(withRetention('0'))
  expect(await shop.read('web-1')).toMatchObject({ orderId: 'web-1', status: 'confirmed' })
})
