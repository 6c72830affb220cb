import { timingSafeEqual } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { createOrderApp } from '../../../workers/order/app.ts'
import { createCatalogue } from '../../../workers/order/catalogue.ts'
import { createKeyRing } from '../../../workers/order/edge/keys/key-ring.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

/** workerd has it there, Node elsewhere. */
beforeAll(() => {
  Object.assign(crypto.subtle, { timingSafeEqual })
})

it('a revoked key that an isolate still lets in makes nothing that outlives it', async () => {
  const orders = createInMemoryD1('order')
  const asked: string[] = []
  const sibling = {
    fetch: async () => Response.json({}),
    handle: async (request: Request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`)
      return Response.json({})
    },
    webhooksOfKeys: async () => ({ disabled: [], running: [] }),
  }
  const unlimited = { limit: async () => ({ success: true }) }
  const env = {
    ...{ BOOTSTRAP_KEY: 'test-admin-key', ORDER_PARTITIONS: '2', ORDERS_DB: orders.database },
    ...{ INVENTORY: sibling, PAYMENT: sibling, OPERATIONS: sibling },
    ...{ CLIENT_REQUESTS: unlimited, CLIENT_BATCHED_ORDERS: unlimited, KEY_GUESSES: unlimited },
  }
  const isolate = () => createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), () => undefined)
  const [here, elsewhere] = [isolate(), isolate()]
  const call = async (app: typeof here, key: string, wanted: string, body?: unknown) => {
    const [method = '', path = ''] = wanted.split(' ')
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await app.request(path, { method, headers, body: JSON.stringify(body) ?? null }, env)
    return { status: answer.status, text: await answer.text() }
  }
  const wanted = { client: 'leaked', scopes: ['operations', 'orders:read', 'orders:write'] }
  const made = JSON.parse((await call(here, 'test-admin-key', 'POST /keys', wanted)).text)
  expect((await call(elsewhere, made.key, 'GET /keys')).status).toBe(200)
  expect((await call(here, 'test-admin-key', `DELETE /keys/${made.id}?cascade=true`)).status).toBe(200)
  asked.length = 0
  // The other isolate remembers it as a good one.
  expect((await call(elsewhere, made.key, 'GET /keys')).status).toBe(200)
  expect((await call(elsewhere, made.key, 'POST /keys', wanted)).status).toBe(401)
  const again = await call(elsewhere, made.key, 'GET /keys')
  expect(again.status).toBe(401)
  const hook = { url: 'https://shop.example/hook', types: ['OrderConfirmed'] }
  expect((await call(elsewhere, made.key, 'POST /webhooks', hook)).status).toBe(401)
  expect(asked).toEqual([])
  expect(orders.sql('SELECT count(*) AS count FROM api_keys')).toEqual([{ count: 1 }])
})
