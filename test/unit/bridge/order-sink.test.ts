import { describe, expect, it } from 'vitest'
import { orderSink } from '../../../src/bridge/place-orders.ts'
import { Stop } from '../../../src/bridge/ports.ts'
import { runBridge } from '../../../src/bridge/run-bridge.ts'
import { plainEventExample } from '../../../src/contracts/examples/events.ts'
import { bridgePorts } from '../../support/bridge/bridge-run.ts'
import { createFakeBroker, textMessage } from '../../support/bridge/fake-broker.ts'
import { createFakeOrdersApi, type Refusal } from '../../support/bridge/fake-orders-api.ts'
import { createFaults } from '../../support/bridge/faults.ts'

const orderText = (orderId: string, more = {}): string => JSON.stringify({ orderId, ...more })

const bridgeOver = (texts: readonly string[], refusals: readonly Refusal[] = []) => {
  const broker = createFakeBroker()
  broker.placed.push(...texts.map((text) => textMessage(text)))
  const api = createFakeOrdersApi(refusals)
  const faults = createFaults()
  const source = broker.source(faults)
  const ports = bridgePorts(broker.isPlaced)
  const pauses: number[] = []
  const sink = orderSink({
    ...ports,
    pause: async (seconds) => void pauses.push(seconds),
    postEvents: api.postEvents(faults),
    reject: source.reject,
    onRejected: () => undefined,
  })
  return { broker, api, pauses, run: () => runBridge(source, sink, ports) }
}

const hundred = Array.from({ length: 100 }, (_, index) => `order-${index}`)

describe('a bridge that takes orders in', () => {
  it('sends the plain version 1 as its producer wrote it, in one batch', async () => {
    const text = JSON.stringify(plainEventExample, null, 2).replace('150', '150.00')
    const { api, run } = bridgeOver([text, text])
    await run()
    expect(api.bodies).toEqual([`[${text},${text}]`])
  })

  it('places 99 of 100 orders, and rejects the bad one with its reason', async () => {
    const texts = hundred.map((id) => orderText(id))
    const why = { status: 422, code: 'unknown_product', detail: 'There is no product P9.' }
    const { broker, api, run } = bridgeOver(texts, [{ matches: /"order-63"/, response: why }])
    await run()
    expect([...api.orders.keys()]).toEqual(hundred.filter((id) => id !== 'order-63'))
    expect(broker.rejected).toEqual([
      { message: textMessage(orderText('order-63')), why: { code: why.code, detail: why.detail } },
    ])
    expect(broker.offset()).toBe(100)
    expect(api.bodies.length).toBeLessThan(16)
  })

  it.each([400, 409, 413, 422])('halves a batch that is refused with %i', async (status) => {
    const { broker, run } = bridgeOver(['1', '2', '3'], [{ matches: /./, response: { status } }])
    await run()
    expect(broker.rejected.map(({ why }) => why)).toEqual(
      Array.from({ length: 3 }, () => ({
        code: `http_${status}`,
        detail: 'The response gives no reason.',
      })),
    )
  })

  it.each([200, 204, 302, 401, 403, 404, 405, 415])(
    'stops without a commit after a response with %i, and says what to do',
    async (status) => {
      const { broker, run } = bridgeOver([orderText('1')], [{ matches: /./, response: { status } }])
      const ended = await run().catch((error: unknown) => error)
      expect(ended).toBeInstanceOf(Stop)
      expect(ended).toMatchObject({
        message: `POST /events: ${status}`,
        advice: expect.stringContaining('EDGE_ORDERS_'),
      })
      expect({ offset: broker.offset(), rejected: broker.rejected }).toEqual({ offset: 0, rejected: [] })
    },
  )

  it.each([
    { status: 429, retryAfterSeconds: 10 },
    { status: 500, retryAfterSeconds: undefined },
    { status: 503, retryAfterSeconds: 3_600 },
  ])('waits after $status, as long as it is asked to but no longer than a minute', async (response) => {
    const refusals: Refusal[] = [{ matches: /./, response }]
    const { api, pauses, run } = bridgeOver([orderText('1')], refusals)
    const running = run()
    while (api.bodies.length < 3) await Promise.resolve()
    refusals.pop()
    await running
    expect([...api.orders.keys()]).toEqual(['1'])
    const asked = Math.min(response.retryAfterSeconds ?? 0, 60)
    expect(pauses.slice(0, 3)).toEqual([2, 4, 8].map((seconds) => Math.max(seconds, asked)))
  })

  it('does not send what is no JSON, and rejects it', async () => {
    const { broker, api, run } = bridgeOver([orderText('1'), '{', '', orderText('2')])
    broker.placed.push({ body: new Uint8Array([0xff]), attributes: {} })
    await run()
    expect(api.bodies).toEqual([`[${orderText('1')},${orderText('2')}]`])
    expect(broker.rejected.map(({ why }) => why.code)).toEqual([
      'malformed_json',
      'malformed_json',
      'malformed_json',
    ])
  })

  it('never takes in what a bridge has published', async () => {
    const { broker, api, run } = bridgeOver([orderText('1', { publishedby: 'edge-orders' })])
    broker.placed.push(textMessage(orderText('2'), { specversion: '1.0', publishedby: 'edge-orders' }))
    await run()
    expect({ bodies: api.bodies, rejected: broker.rejected, offset: broker.offset() }).toEqual({
      bodies: [],
      rejected: [],
      offset: 2,
    })
  })

  it('makes one event of the attributes and the data of a CloudEvent in binary mode', async () => {
    const { broker, api, run } = bridgeOver([])
    const attributes = { specversion: '1.0', id: 'e1', type: 'OrderPlaced', source: '/shop' }
    broker.placed.push(textMessage('{"totalAmount":1.10}', attributes))
    await run()
    expect(api.bodies).toEqual([
      '[{"specversion":"1.0","id":"e1","type":"OrderPlaced","source":"/shop","data":{"totalAmount":1.10}}]',
    ])
  })
})
