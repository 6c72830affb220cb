import { abortAllDurableObjects, createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import type { Answer } from '../../../src/order/saga.ts'
import worker from '../../../workers/order/index.ts'

const bindings = env as OrderEnv
const orderId = `ord_0_${'9'.repeat(26)}`
const partition = () => bindings.ORDERS.getByName('orders-0')

const place = async () => {
  const lines = [{ productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }]
  const value = { orderId, client: 'shop', currency: 'USD', totalMinor: 10_000, lines }
  const { ok } = await partition().place({ request: undefined, placement: { ok: true, value } })
  expect(ok).toBe(true)
}

const stockReleased = (): Answer =>
  createEvent({
    ...{ type: 'StockReleased', subject: orderId, at: 1, revision: 1, data: { orderId, lines: [] } },
    cause: { id: 'x', hops: 0 },
  }) as Answer

const paymentVoided = (): Answer => {
  const data = { orderId, amount: 100, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }
  const cause = { id: 'x', hops: 0 }
  return createEvent({ type: 'PaymentVoided', subject: orderId, at: 1, revision: 1, data, cause }) as Answer
}

const open = () =>
  worker.fetch(
    new Request(`https://edge/orders/${orderId}/events`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer test-admin-key' },
    }),
    bindings,
    createExecutionContext(),
  )

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
  await place()
  const { body } = await open()
  const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
  expect(await typesUntil(reader, 'OrderPlaced')).toEqual(['OrderPlaced'])
  await abortAllDurableObjects()
  await partition().answer([stockReleased()])
  expect(await typesUntil(reader, 'OrderRejected')).toEqual(['StockReleased', 'OrderRejected'])
  await abortAllDurableObjects()
  await partition().answer([paymentVoided()])
  expect(await typesUntil(reader)).toEqual(['PaymentVoided', 'OrderSettled'])
})
