import { beforeAll, expect, it } from 'vitest'
import { createClient, orThrow, pages } from '../../packages/client/src/index.ts'
import { sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let url: string

beforeAll(async () => {
  const system = await sharedSystem()
  url = await system.address()
  await openShop(system).stock('CLIENT', 10)
})

const ORDER = { items: [{ productId: 'CLIENT', quantity: 1 }] }
const key = 'test-admin-key'

it('an order whose answer is lost is placed once, and the retry is answered with it', async () => {
  const placed: string[] = []
  const losingTheFirst = async (request: Request) => {
    const response = await fetch(request)
    placed.push(await response.clone().text())
    if (placed.length === 1) throw new TypeError('terminated')
    return response
  }
  const client = createClient({ url, key, fetch: losingTheFirst })
  const { data, response } = await client.placeOrder(ORDER)
  expect(response.headers.get('idempotency-replayed')).toBe('true')
  expect(placed.map((answer) => JSON.parse(answer).orderId)).toEqual([data?.orderId, data?.orderId])
})

it('who holds the read token watches the order until it is settled, and may do nothing else', async () => {
  const { orderId, readToken } = await orThrow(
    createClient({ url, key }).placeOrder({ ...ORDER, payment: { token: 'pm_sim_slow' } }),
  )
  const browser = createClient({ url, token: readToken ?? '' })
  const seen: string[] = []
  for await (const { id } of browser.watchOrder(orderId)) seen.push(id)
  const history = await orThrow(browser.GET('/orders/{orderId}/events', { params: { path: { orderId } } }))
  expect(seen).toEqual(history?.events.map(({ id }) => id))
  expect(seen.at(-1)).toBe(`${orderId}/OrderSettled`)
  expect((await browser.placeOrder(ORDER)).error?.code).toBe('unauthorized')
})

it('a placement that waits is decided, and is settled soon after', async () => {
  const client = createClient({ url, key })
  const { data, response } = await client.placeOrder(ORDER, { waitSeconds: 30 })
  expect([response.status, data?.status]).toEqual([200, 'confirmed'])
  expect((await client.waitUntilSettled(data?.orderId ?? '')).payment.status).toBe('captured')
})

it('pages bring each movement once', async () => {
  const client = createClient({ url, key })
  const params = { path: { productId: 'CLIENT' } }
  const found: string[] = []
  const movements = pages((page) =>
    client.GET('/inventory/{productId}/movements', { params: { ...params, query: { limit: 1, ...page } } }),
  )
  for await (const items of movements) found.push(...items.map(({ kind }) => kind))
  expect(found.at(-1)).toBe('receipt')
})
