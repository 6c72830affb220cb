import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let operator: ReturnType<typeof openShop>
let client: ReturnType<typeof openShop>
let ids: Record<'confirmed' | 'cancelled' | 'bare', string>

const CONFIRMED = { customerId: 'cust_1', reference: 'web-1' }
const CANCELLED = { customerId: 'cust_1', reference: 'web-2' }

beforeAll(async () => {
  system = await startSystem()
  operator = openShop(system)
  await operator.stock('P001', 100)
  const scopes = ['orders:read', 'orders:write']
  const { body } = await operator.post('/keys', { client: 'web-shop', scopes })
  client = openShop(system, body.key)
  const [confirmed, cancelled, bare] = [await place(CONFIRMED), await place(CANCELLED), await place({})]
  ids = { confirmed, cancelled, bare }
  await client.post(`/orders/${cancelled}/cancel`)
  await Promise.all(Object.values(ids).map((orderId) => client.settled(orderId)))
  await eventually(listed, (orderIds) => orderIds.length === 3 && orderIds[0] === bare)
})

afterAll(() => system.close())

const place = async (about: object): Promise<string> => {
  const { body } = await client.post('/orders', { items: [{ productId: 'P001', quantity: 1 }], ...about })
  return body.orderId
}

const listed = async (query = '', shop = client): Promise<string[]> => {
  const { body } = await shop.call(`/orders?${query}`)
  return body.items.map((order: { orderId: string }) => order.orderId)
}

describe('GET /orders', () => {
  const names = { confirmed: CONFIRMED, cancelled: CANCELLED, bare: {} }
  const queries = ['', 'status=confirmed', 'status=cancelled', 'status=pending'].flatMap((status) =>
    ['', 'customerId=cust_1', 'customerId=cust_2'].flatMap((customer) =>
      ['', 'reference=web-1', 'reference=web-2'].map((reference) =>
        [status, customer, reference].filter((part) => part !== '').join('&'),
      ),
    ),
  )

  it.each(queries)('finds what the filters name, for a client and for an operator: %s', async (query) => {
    const wanted = [...new URLSearchParams(query)]
    const orders = (['bare', 'cancelled', 'confirmed'] as const).filter((name) => {
      const fields: Record<string, string> = {
        ...names[name],
        status: name === 'cancelled' ? name : 'confirmed',
      }
      return wanted.every(([field, value]) => fields[field] === value)
    })
    const found = orders.map((name) => ids[name])
    expect(await eventually(() => listed(query), isSameAs(found))).toEqual(found)
    expect(await listed(query, operator)).toEqual(found)
  })
})

describe('GET /orders by state and time', () => {
  it('finds orders by what they are, and by when they were placed', async () => {
    const settled = [ids.bare, ids.cancelled, ids.confirmed]
    const placedAt = (await client.read(ids.cancelled)).placedAt
    const found = {
      'settled=true': settled,
      'settled=false': [],
      'stuck=true': [],
      'payment.status=captured': [ids.bare, ids.confirmed],
      'inventory.status=committed&customerId=cust_1': [ids.confirmed],
      'inventory.status=released': [ids.cancelled],
      'productId=P001&status=cancelled': [ids.cancelled],
      'productId=P002': [],
      [`placedAfter=${placedAt}`]: [ids.bare, ids.cancelled],
      [`placedBefore=${placedAt}&settled=true`]: [ids.confirmed],
    }
    for (const [query, expected] of Object.entries(found)) {
      expect([query, await eventually(() => listed(query), isSameAs(expected))]).toEqual([query, expected])
      expect([query, await listed(query, operator)]).toEqual([query, expected])
    }
  })

  it.each([
    ['stuck=false', '/stuck'],
    ['productId=P%201', '/productId'],
    ['settled=maybe', '/settled'],
    ['payment.status=paid', '/payment.status'],
    ['inventory.status=gone', '/inventory.status'],
    ['placedAfter=yesterday', '/placedAfter'],
    ['placedBefore=2026-13-01T00:00:00Z', '/placedBefore'],
  ])('refuses %s, and names it', async (query, path) => {
    const refused = await client.problem(client.call(`/orders?${query}`))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: [path] })
  })

  it('a cursor goes on with the same filters alone', async () => {
    const first = await client.call('/orders?settled=true&limit=1')
    const cursor = `cursor=${first.body.nextCursor}`
    expect(await listed(`settled=true&${cursor}`)).toEqual([ids.cancelled, ids.confirmed])
    const other = client.problem(client.call(`/orders?payment.status=captured&${cursor}`))
    expect(await other).toMatchObject({ status: 422, paths: ['/cursor'] })
  })
})

const isSameAs = (found: string[]) => (orderIds: string[]) =>
  JSON.stringify(orderIds) === JSON.stringify(found)

describe('POST /lists/orders/rebuild', () => {
  it('G8: a list that was lost is filled again from the partitions', async () => {
    const { LISTS_DB } = await system.env('order')
    await LISTS_DB.exec('DELETE FROM listed_orders')
    expect(await listed()).toEqual([])
    const rebuilt = await operator.post('/lists/orders/rebuild', undefined, { 'idempotency-key': 'again' })
    expect([rebuilt.status, rebuilt.body]).toEqual([202, { list: 'orders', partitions: 2 }])
    const found = [ids.bare, ids.cancelled, ids.confirmed]
    expect(await eventually(listed, isSameAs(found))).toEqual(found)
    const log = system.logs().filter((line) => line.includes('the list of orders is being filled again'))
    expect(log.join('\n')).toContain('"client":"bootstrap"')
  })

  it('is for operators alone', async () => {
    expect((await client.post('/lists/orders/rebuild')).status).toBe(403)
    expect((await operator.post('/lists/products/rebuild')).status).toBe(404)
  })
})

it('takes orders while the lists are away, and says so', async () => {
  const { LISTS_DB } = await system.env('order')
  await LISTS_DB.exec('ALTER TABLE listed_orders RENAME TO away')
  const placed = await client.post('/orders', { items: [{ productId: 'P001', quantity: 1 }] })
  expect(placed.status).toBe(202)
  expect((await client.settled(placed.body.orderId)).status).toBe('confirmed')
  const { body } = await operator.call('/readyz')
  expect(JSON.stringify(body)).toContain('wrangler d1 migrations apply LISTS_DB')
  await LISTS_DB.exec('ALTER TABLE away RENAME TO listed_orders')
})

it('is not ready without the newest migration of the lists', async () => {
  const { LISTS_DB } = await system.env('order')
  const readiness = async () => JSON.stringify((await operator.call('/readyz')).body)
  await eventually(readiness, (text) => text.startsWith('{"ready":true'))
  await LISTS_DB.exec('DROP INDEX listed_by_client_and_unsettled')
  await eventually(readiness, (text) => text.includes('no such index'))
})
