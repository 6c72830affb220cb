import { afterAll, beforeAll, expect, it } from 'vitest'
import { placeOrderExample } from '../../src/contracts/examples/orders.ts'
import { type DocumentedCall, documentedCalls } from '../support/documented-calls.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await Promise.all(['P001', 'P002', 'P003', 'P008'].map((productId) => shop.stock(productId, 1_000)))
})

afterAll(() => system.close())

const CALLS = documentedCalls('docs/api.md')

it('finds the calls of docs/api.md', () => {
  const paths = CALLS.map(({ method, path }) => `${method} ${path}`)
  expect(paths).toEqual(
    expect.arrayContaining([
      'POST /orders',
      'POST /orders/$ORDER/cancel',
      'POST /events',
      'PUT /products/EUR-1',
      'POST /inventory/P008/adjustments',
      'POST /payments/$ORDER/refunds',
    ]),
  )
})

it.each(CALLS)('docs/api.md: $command', async (call) => {
  const response = await send(call)
  const text = await response.text()
  if (call.status === undefined) expect([response.ok, text]).toEqual([true, text])
  else expect([response.status, text]).toEqual([call.status, text])
})

/** What readers fill in themselves: an order of theirs that is settled, and its version. */
const send = async ({ method, path, headers, body }: DocumentedCall) => {
  const order = path.includes('$ORDER') ? await settledOrder() : undefined
  return await system.fetch(path.replace('$ORDER', order?.orderId ?? ''), {
    method,
    headers: {
      authorization: 'Bearer test-admin-key',
      'content-type': 'application/json',
      ...headers,
      ...('If-None-Match' in headers && { 'If-None-Match': `"${order?.version}"` }),
    },
    ...(body !== undefined && { body }),
  })
}

const settledOrder = async () => {
  const { body } = await shop.post('/orders', placeOrderExample)
  return await shop.settled(body.orderId)
}
