import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Trace } from '../../src/contracts/http/trace.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

type Received = { name: string; parentSpanId?: string; traceId: string; spanId: string; service: string }

/** A receiver of OTLP over HTTP. It keeps spans by their ids, as tracing back ends do. */
const received = new Map<string, Received>()
/** Those that the Workers sent by themselves. */
const exported = new Map<string, Received>()
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Trace
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes[0]?.value.stringValue ?? ''
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const by = request.headers.authorization === 'Bearer otel' ? exported : received
        by.set(span.spanId, { ...span, service } as Received)
      }
    }
    response.writeHead(request.url === '/v1/traces' ? 200 : 404).end('{}')
  })
})

beforeAll(async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const vars = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` }
  const secrets = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20otel' }
  const settings = { vars, secrets }
  system = await startSystem({
    ...{ order: settings, inventory: settings, payment: settings, operations: settings },
  })
  shop = openShop(system)
  await shop.stock('P001', 10)
})

afterAll(async () => {
  receiver.close()
  await system?.close()
})

it('a receiver gets one connected trace of an order, with the spans of both services, under duplicates too', async () => {
  const traceId = 'c'.repeat(32)
  const traceparent = `00-${traceId}-dddddddddddddddd-01`
  const items = [{ productId: 'P001', quantity: 1 }]
  const { body: order } = await shop.post('/orders', { items }, { traceparent })
  await shop.settled(order.orderId)
  const trace = await postTrace(order.orderId)
  const { body: list } = await shop.call(`/orders/${order.orderId}/events`)
  for (const inbox of ['inventory-inbox', 'payment-inbox'] as const) {
    await system.send(
      inbox,
      list.events.filter(({ type }: { type: string }) => type === 'OrderConfirmed'),
    )
  }
  // Its messages come after the repeated ones, so these are handled when it has settled.
  await shop.settled(await shop.place(items))
  expect(await postTrace(order.orderId)).toEqual(trace)
  const spans = [...received.values()]
  expect(spans.map(({ name }) => name).sort()).toEqual([
    ...['OrderConfirmed', 'OrderPlaced', 'OrderSettled', 'PaymentAuthorized', 'PaymentCaptured'],
    ...['StockCommitted', 'StockReserved', 'order'],
  ])
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
  expect(new Set(spans.map(({ service }) => service))).toEqual(
    new Set(['edge-orders', 'edge-orders-inventory', 'edge-orders-payment']),
  )
  const orphans = spans.filter(
    ({ name, parentSpanId }) => name !== 'order' && !received.has(parentSpanId ?? ''),
  )
  expect(orphans).toEqual([])
})

const postTrace = async (orderId: string): Promise<Trace> => {
  const { body } = await shop.call(`/orders/${orderId}/trace`)
  const { port } = receiver.address() as AddressInfo
  const sent = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(sent.status).toBe(200)
  return body
}

it('an order that there is not has no trace', async () => {
  expect(await shop.problem(shop.call('/orders/ord_0_00000000000000000000000000/trace'))).toMatchObject({
    status: 404,
    code: 'order_not_found',
  })
})

it('Workers export one connected trace of an order, from the request to the bank, with headers, under duplicates too', async () => {
  const traceId = 'e'.repeat(32)
  const traceparent = `00-${traceId}-dddddddddddddddd-01`
  const items = [{ productId: 'P001', quantity: 1 }]
  const { body: order } = await shop.post('/orders', { items }, { traceparent })
  await shop.settled(order.orderId)
  const { body: list } = await shop.call(`/orders/${order.orderId}/events`)
  const confirmed = list.events.filter(({ type }: { type: string }) => type === 'OrderConfirmed')
  for (const inbox of ['inventory-inbox', 'payment-inbox'] as const) await system.send(inbox, confirmed)
  await shop.settled(await shop.place(items))
  const own = () => [...exported.values()].filter((span) => span.traceId === traceId && !isForWebhooks(span))
  const spans = await eventually(own, (all) => all.length >= EXPORTED.length)
  expect(spans.map(({ service, name }) => `${service}: ${name}`).sort()).toEqual(EXPORTED)
  const orphans = spans.filter(({ parentSpanId }) => !exported.has(parentSpanId ?? ''))
  expect(orphans.map(({ name, parentSpanId }) => `${name} < ${parentSpanId}`)).toEqual([
    'POST < dddddddddddddddd',
  ])
})

/** A new partition announces every fact until it has learnt that no webhook wants any. */
const isForWebhooks = ({ service, name }: { service: string; name: string }) =>
  service === 'edge-orders-operations' || name === 'process FactNoted'

const EXPORTED = [
  ...['OrderConfirmed', 'OrderPlaced'].map((type) => `edge-orders-inventory: process ${type}`),
  ...['bank authorize', 'bank capture'].map((name) => `edge-orders-payment: ${name}`),
  ...['OrderConfirmed', 'OrderPlaced'].map((type) => `edge-orders-payment: process ${type}`),
  'edge-orders: POST',
  ...['PaymentAuthorized', 'PaymentCaptured', 'StockCommitted', 'StockReserved'].map(
    (type) => `edge-orders: process ${type}`,
  ),
]
