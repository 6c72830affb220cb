import { abortAllDurableObjects, createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import type { LegReport } from '../../../src/order/saga.ts'
import worker from '../../../workers/order/index.ts'

const bindings = env as OrderEnv
const orderId = `ord_0_${'9'.repeat(26)}`
const partition = () => bindings.ORDERS.getByName('orders-0')

const place = async (orderId: string) => {
  const lines = [{ productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }]
  const value = { orderId, client: 'shop', currency: 'USD', totalMinor: 10_000, lines }
  const { ok } = await partition().place({ request: undefined, placement: { ok: true, value } })
  expect(ok).toBe(true)
}

const stockReleased = (): LegReport =>
  createEvent({
    ...{ type: 'StockReleased', subject: orderId, at: 1, revision: 1, data: { orderId, lines: [] } },
    cause: { id: 'x', hops: 0 },
  }) as LegReport

const paymentVoided = (): LegReport => {
  const data = { orderId, amount: 100, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }
  const cause = { id: 'x', hops: 0 }
  return createEvent({
    type: 'PaymentVoided',
    subject: orderId,
    at: 1,
    revision: 1,
    data,
    cause,
  }) as LegReport
}

type Init = { method?: string; body?: string; headers: Record<string, string> }

const call = (path: string, init: Init, key = 'test-admin-key') => {
  const headers = { ...init.headers, authorization: `Bearer ${key}` }
  return worker.fetch(
    new Request(`https://edge${path}`, { ...init, headers }),
    bindings,
    createExecutionContext(),
  )
}

const open = (orderId: string, key?: string) =>
  call(`/orders/${orderId}/events`, { headers: { accept: 'text/event-stream' } }, key)

/** The types of what comes until one of this type has come, or to the end. */
const typesUntil = async (
  reader: ReadableStreamDefaultReader<Uint8Array>,
  last?: string,
): Promise<string[]> => {
  const { done, value } = await reader.read()
  if (done) return []
  const types = [...new TextDecoder().decode(value).matchAll(/^event: (\w+)$/gm)].map(([, type = '']) => type)
  return last !== undefined && types.includes(last) ? types : [...types, ...(await typesUntil(reader, last))]
}

it('a live stream goes on, without gap or duplicate, when its order’s partition was thrown away meanwhile', async () => {
  await place(orderId)
  const { body } = await open(orderId)
  const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
  expect(await typesUntil(reader, 'OrderPlaced')).toEqual(['OrderPlaced'])
  await abortAllDurableObjects()
  await partition().answer([stockReleased()])
  expect(await typesUntil(reader, 'OrderRejected')).toEqual(['StockReleased', 'OrderRejected'])
  await abortAllDurableObjects()
  await partition().answer([paymentVoided()])
  expect(await typesUntil(reader)).toEqual(['PaymentVoided', 'OrderSettled'])
})

it('G9: a live stream ends within a minute of when its key was revoked', { timeout: 90_000 }, async () => {
  const watched = `ord_0_${'8'.repeat(26)}`
  await place(watched)
  const made = await call('/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client: 'shop', scopes: ['orders:read'] }),
  })
  const { id, key } = await made.json<{ id: string; key: string }>()
  const stream = await open(watched, key)
  expect(stream.status).toBe(200)
  const startedAt = Date.now()
  // As if another isolate had revoked it: this one is not told.
  await bindings.ORDERS_DB.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?').bind(id).run()
  await stream.text()
  expect(Date.now() - startedAt).toBeLessThan(60_000)
  expect((await open(watched, key)).status).toBe(401)
})
