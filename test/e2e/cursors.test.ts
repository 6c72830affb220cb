import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { API } from '../../src/contracts/http/api.ts'
import type { Operation } from '../../src/contracts/http/operation.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>
let webhooks: string[]

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await Promise.all(['P001', 'P002'].map((productId) => shop.stock(productId, 10)))
  await Promise.all(['P001', 'P002'].map((productId) => adjust(productId)))
  await runOut('P003')
  await Promise.all([placed(), placed()])
  webhooks = [await registered(), await registered()]
  for (const id of webhooks) await Promise.all([1, 2].map(() => shop.post(`/webhooks/${id}/test`)))
  await Promise.all([1, 2].map(() => shop.post('/keys', { client: 'web-shop', scopes: ['orders:read'] })))
  await system.send('inventory-inbox', ['poison', 'venom'])
  for (const productId of ['P001', 'P002']) await shop.post('/pauses', { productId, reason: 'recalled' })
})

afterAll(() => system.close())

const adjust = (productId: string, delta = 1) => shop.post(`/inventory/${productId}/adjustments`, { delta })

/** A product that is available, runs out, and is available again. */
const runOut = async (productId: string) => {
  await shop.stock(productId, 1)
  await adjust(productId, -1)
  await adjust(productId)
  await eventually(
    () => shop.call(`/stock-alerts?productId=${productId}`),
    ({ body }) => body.items.length === 3,
  )
}

const placed = async () => {
  const items = [{ productId: 'P001', quantity: 1 }]
  const { body } = await shop.post('/orders', { items, customerId: 'cust_1', reference: 'web-1' })
  await shop.post(`/orders/${body.orderId}/cancel`)
  await shop.settled(body.orderId)
}

const registered = async (): Promise<string> => {
  const { body } = await shop.post('/webhooks', { url: 'http://127.0.0.1:9/', types: ['OrderConfirmed'] })
  return body.id
}

/** Every list, and other lists under the same call: of another product, another webhook, or with other filters. */
const LISTS: Record<string, () => string[]> = {
  listOrders: () => [
    ...['/orders', '/orders?status=cancelled', '/orders?customerId=cust_1', '/orders?reference=web-1'],
    '/orders?status=cancelled&customerId=cust_1&reference=web-1',
  ],
  listProducts: () => ['/products'],
  listLevels: () => ['/inventory'],
  listMovements: () => ['/inventory/P001/movements', '/inventory/P002/movements'],
  listPayments: () => ['/payments'],
  listDeadLetters: () => [
    ...['/dead-letters', '/dead-letters?status=open', '/dead-letters?queue=inventory-inbox'],
    '/dead-letters?status=open&queue=inventory-inbox',
    ...['/dead-letters?reason=schema_broken', '/dead-letters?reason=schema_broken&status=open'],
  ],
  listWebhooks: () => ['/webhooks'],
  listDeliveries: () =>
    webhooks.flatMap((id) => ['', '?status=failed'].map((filter) => `/webhooks/${id}/deliveries${filter}`)),
  listKeys: () => ['/keys'],
  listPauses: () => ['/pauses'],
  listAuditLog: () => ['/audit-log', '/audit-log?kind=key'],
  listStockAlerts: () => [
    ...['/stock-alerts', '/stock-alerts?productId=P003', '/stock-alerts?type=StockReplenished'],
    '/stock-alerts?productId=P003&type=StockReplenished',
  ],
}

/** Walks over partitions. A page has findings, and no items. */
const WALKS = new Set(['getAudit', 'getReconciliation'])

/** The addresses of all lists. Those of one webhook are known once it is registered. */
const lists = () => Object.values(LISTS).flatMap((addresses) => addresses())

const withQuery = (address: string, query: string) => `${address}${address.includes('?') ? '&' : '?'}${query}`

/** The first page of one item, once there is a second: lists follow a moment behind. */
const firstPage = (address: string) =>
  eventually(
    () => shop.call(withQuery(address, 'limit=1')),
    ({ body }) => body.nextCursor !== undefined,
  )

/** What tells the items of a list apart; what else is in them may change from page to page. */
const nameOf = (item: { id?: string; at?: string; orderId?: string; productId?: string }) =>
  item.id ?? item.at ?? item.orderId ?? item.productId

const nextPage = (address: string, cursor: string, limit = 1) =>
  shop.call(withQuery(address, `limit=${limit}&cursor=${cursor}`))

it('knows every list of the API', () => {
  const paged = Object.values(API).flat().filter(isPaged)
  expect(Object.keys(LISTS).toSorted()).toEqual(paged.map(({ route }) => route.operationId).toSorted())
})

const isPaged = ({ route }: Operation) => {
  const { query } = route.request ?? {}
  return !WALKS.has(route.operationId ?? '') && query instanceof z.ZodObject && 'cursor' in query.shape
}

describe('a cursor', () => {
  it.each(Object.keys(LISTS))('of %s goes on there, whatever the limit', async (name) => {
    for (const address of LISTS[name]?.() ?? []) {
      const { body: first } = await firstPage(address)
      const { body: both } = await shop.call(withQuery(address, 'limit=2'))
      const { body: second } = await nextPage(address, first.nextCursor)
      const { body: rest } = await nextPage(address, first.nextCursor, 100)
      expect([...first.items, ...second.items].map(nameOf)).toEqual(both.items.map(nameOf))
      expect(rest.items.slice(0, 1).map(nameOf)).toEqual(second.items.map(nameOf))
    }
  })

  it.each(Object.keys(LISTS))(
    'of %s is refused by any other list, and with any other filter',
    async (name) => {
      for (const address of LISTS[name]?.() ?? []) {
        const { nextCursor } = (await firstPage(address)).body
        for (const other of lists().filter((each) => each !== address)) {
          const refused = await shop.problem(nextPage(other, nextCursor))
          expect([other, refused]).toEqual([
            other,
            { status: 422, code: 'validation_failed', paths: ['/cursor'] },
          ])
        }
      }
    },
  )

  it('that is refused says what happened and what to do', async () => {
    const { nextCursor } = (await firstPage('/products')).body
    const { body } = await nextPage('/dead-letters', nextCursor)
    expect(body.detail).toBe(
      '/cursor is not of this list with these filters: leave it out to begin at the first page, and hand each nextCursor back to the list and filters that it came from',
    )
  })

  it('of one caller shows another what is his own and no more', async () => {
    const { nextCursor } = (await firstPage('/orders')).body
    const { body: key } = await shop.post('/keys', { client: 'stranger', scopes: ['orders:read'] })
    const { status, body } = await openShop(system, key.key).call(`/orders?cursor=${nextCursor}`)
    expect([status, body]).toEqual([200, { items: [] }])
  })
})
