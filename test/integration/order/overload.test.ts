import { createExecutionContext, createMessageBatch } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import worker from '../../../workers/order/index.ts'

const real = env as OrderEnv
const bindings: OrderEnv = {
  ...real,
  ORDERS: new Proxy(real.ORDERS, {
    get: (namespace, key) =>
      key === 'getByName'
        ? (name: string) => stallable(namespace.getByName(name))
        : Reflect.get(namespace, key),
  }),
}
/** The least limit: so many may always wait. */
const NEVER_A_QUEUE = 100
/** More than the least limit, and less than the bodies of an isolate may be. */
const STALLED = 150
/** Longer than an interval of the limit. */
const LOOK_AGAIN_MS = 300

const call = (method: string, path: string, headers: Record<string, string> = {}) =>
  worker.fetch(
    new Request(`https://shop.example${path}`, {
      method,
      headers: { authorization: 'Bearer test-admin-key', 'content-type': 'application/json', ...headers },
      ...(method === 'POST' && { body: JSON.stringify({ items: [{ productId: 'P001', quantity: 1 }] }) }),
    }) as Parameters<typeof worker.fetch>[0],
    bindings,
    createExecutionContext(),
  )

const place = (headers?: Record<string, string>) => call('POST', '/orders', headers)

/** While it is set, no call to a partition arrives: the platform moves them, or their disk hangs. */
let stalled: Promise<void> | undefined

const stallable = <Stub extends object>(stub: Stub): Stub =>
  new Proxy(stub, {
    get:
      (_, method) =>
      async (...parameters: unknown[]) => {
        await stalled
        return await (stub as Record<string | symbol, (...given: unknown[]) => unknown>)[method]?.(
          ...parameters,
        )
      },
  })

const stallPartitions = () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  stalled = promise
  return { release: resolve }
}

beforeAll(async () => {
  const product = createEvent({
    ...{ type: 'ProductChanged', subject: 'P001', at: 1, revision: 1 },
    data: { productId: 'P001', name: 'Lamp', unitPrice: 50, currency: 'USD' },
    cause: { id: 'x', hops: 0 },
  })
  const message = { id: 'm1', timestamp: new Date(1), attempts: 1, body: [product] as object }
  await worker.queue(createMessageBatch('edge-orders-order-inbox', [message]), bindings)
  expect((await place()).status).toBe(202)
})

it('refuses early while partitions are stalled, and takes orders again by itself afterwards', async () => {
  const { release } = stallPartitions()
  const waiting = Array.from({ length: STALLED }, () => place())
  await scheduler.wait(LOOK_AGAIN_MS)

  const refused = await place({ 'idempotency-key': 'again' })
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({
    code: 'overloaded',
    detail: expect.stringMatching(/Nothing was stored.+ in \d seconds/),
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(2)
  expect((await call('GET', '/orders/ord_0_00000000000000000000000001')).status).toBe(503)
  const stranger = await call('POST', '/orders', { authorization: 'Bearer wrong' })
  expect(stranger.status).toBe(401)

  release()
  const taken = await Promise.all(waiting)
  const statuses = taken.map(({ status }) => status)
  expect(statuses.slice(0, NEVER_A_QUEUE)).toEqual(Array.from({ length: NEVER_A_QUEUE }, () => 202))
  // On a slow machine the last of them arrive when the limit has already fallen.
  expect(new Set([...statuses, 202, 503])).toEqual(new Set([202, 503]))
  const again = await place({ 'idempotency-key': 'again' })
  expect(again.status).toBe(202)
  expect(again.headers.get('idempotency-replayed')).toBeNull()
  expect((await call('GET', '/orders/ord_0_00000000000000000000000001')).status).toBe(404)
}, 30_000)
