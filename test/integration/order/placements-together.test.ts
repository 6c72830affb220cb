import { createExecutionContext, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import worker from '../../../workers/order/index.ts'
import { OrderObject } from '../../../workers/order/order-object.ts'
import { isOfEarlierVersion } from '../../../workers/order/order-partitions.ts'

const bindings = env as OrderEnv
const LABELS = ['0', '1'] as const

type Init = { key?: string; productId?: string }

const placeOrder = (reference: string, { key, productId = 'P001' }: Init = {}): Promise<Response> => {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer test-admin-key',
    ...(key !== undefined && { 'idempotency-key': key }),
  }
  const body = JSON.stringify({ items: [{ productId, quantity: 1 }], reference })
  const placed = worker.fetch(
    new Request('https://edge/orders', { method: 'POST', headers, body }),
    bindings,
    createExecutionContext(),
  )
  return Promise.resolve(placed)
}

type Placed = { orderId: string; reference: string; status: string }

const storedOrders = async (): Promise<number> => {
  const counts = await Promise.all(
    LABELS.map((label) =>
      runInDurableObject(bindings.ORDERS.getByName(`orders-${label}`), (_, state) =>
        state.storage.sql.exec<{ count: number }>('SELECT count(*) AS count FROM orders').one(),
      ),
    ),
  )
  return counts.reduce((sum, { count }) => sum + count, 0)
}

beforeAll(async () => {
  await bindings.ORDERS_DB.prepare(
    "INSERT INTO catalogue (product_id, unit_price_minor, currency, revision) VALUES ('P001', 100, 'USD', 1)",
  ).run()
  for (const label of LABELS)
    await bindings.ORDERS.getByName(`orders-${label}`).want({ revision: 0, types: [] })
})

afterEach(() => void vi.restoreAllMocks())

describe('orders that are placed at the same moment', () => {
  it('share calls of their partition, and each gets its own order', async () => {
    const calls = vi.spyOn(OrderObject.prototype, 'placeAll')
    const before = await storedOrders()
    const references = Array.from({ length: 40 }, (_, index) => `order-${index}`)
    const responses = await Promise.all(references.map((reference) => placeOrder(reference)))
    const orders = await Promise.all(responses.map((response) => response.json<Placed>()))
    expect(responses.map(({ status }) => status)).toEqual(references.map(() => 202))
    expect(orders.map(({ reference }) => reference)).toEqual(references)
    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(40)
    expect(await storedOrders()).toBe(before + 40)
    const sizes = calls.mock.calls.map(([requests]) => requests.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40)
    expect(sizes.length).toBeLessThan(20)
  })

  it('are one order where they have one key', async () => {
    const before = await storedOrders()
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => placeOrder('the same', { key: 'one-key-for-all' })),
    )
    const ids = await Promise.all(responses.map(async (response) => (await response.json<Placed>()).orderId))
    expect(new Set(ids).size).toBe(1)
    expect(responses.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(9)
    expect(await storedOrders()).toBe(before + 1)
  })

  it('fail alone where one is refused, and all where the call fails; the next call goes on', async () => {
    const mixed = await Promise.all(
      ['P001', 'unknown', 'P001'].map((productId, index) => placeOrder(`mixed-${index}`, { productId })),
    )
    expect(mixed.map(({ status }) => status)).toEqual([202, 422, 202])
    const failing = vi.spyOn(OrderObject.prototype, 'placeAll').mockImplementation(() => {
      throw new Error('database or disk is full: SQLITE_FULL')
    })
    const failed = await Promise.all(['1', '2', '3'].map((reference) => placeOrder(reference)))
    expect(failed.map(({ status }) => status)).toEqual([503, 503, 503])
    failing.mockRestore()
    expect((await placeOrder('after')).status).toBe(202)
  })
})

it('tells an object that does not know the call from any other failure, in the words of this runtime', async () => {
  // The stub's type lists the methods of today. A call that the object does not know has to be made all the same.
  const object = bindings.ORDERS.getByName('orders-0') as unknown as {
    placeAllOfTheFuture(): Promise<void>
  }
  const error = await object.placeAllOfTheFuture().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(isOfEarlierVersion(new Error(String(error).replace('placeAllOfTheFuture', 'placeAll')))).toBe(true)
  expect(isOfEarlierVersion(error)).toBe(false)
})
