import { createExecutionContext, createMessageBatch } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it, vi } from 'vitest'
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
/** More than the least limit, and less than the bodies of an isolate may be. */
const STALLED = 150
/** Longer than a placement may be expected to wait. */
const STALLED_MS = 300

/** The limit lets a placement in before it reads the body. */
let bodiesRead = 0

const orderBody = () =>
  new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        bodiesRead += 1
        controller.enqueue(
          new TextEncoder().encode(JSON.stringify({ items: [{ productId: 'P001', quantity: 1 }] })),
        )
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )

const call = (method: string, path: string, headers: Record<string, string> = {}) =>
  worker.fetch(
    new Request(`https://shop.example${path}`, {
      method,
      headers: { authorization: 'Bearer test-admin-key', 'content-type': 'application/json', ...headers },
      ...(method === 'POST' && { body: orderBody() }),
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
  // The clock stands still until all of them have arrived, however slow the machine is.
  vi.useFakeTimers({ toFake: ['Date'] })
  const readBefore = bodiesRead
  const waiting = Array.from({ length: STALLED }, () => place())
  const early = Promise.race(waiting)
  // `vi.waitUntil` would move the clock. One that is answered early ends the wait, because its body is never read.
  while (bodiesRead - readBefore < STALLED) {
    const answered = await Promise.race([early, scheduler.wait(5)])
    if (answered !== undefined)
      expect.unreachable(`answered ${answered.status} while the partitions are stalled`)
  }
  vi.setSystemTime(Date.now() + STALLED_MS)

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

  vi.useRealTimers()
  release()
  const taken = await Promise.all(waiting)
  expect(taken.map(({ status }) => status)).toEqual(Array.from({ length: STALLED }, () => 202))
  const again = await place({ 'idempotency-key': 'again' })
  expect(again.status).toBe(202)
  expect(again.headers.get('idempotency-replayed')).toBeNull()
  expect((await call('GET', '/orders/ord_0_00000000000000000000000001')).status).toBe(404)
}, 30_000)
