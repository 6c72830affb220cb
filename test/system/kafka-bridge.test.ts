import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { type IHeaders, Kafka, logLevel, type Producer } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { plainEventExample } from '../../src/contracts/examples/events.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { startMockKafka } from '../support/mock-kafka.ts'
import { openShop } from '../support/shop.ts'

const PROGRAM = resolve(import.meta.dirname, '../../scripts/bridge.ts')

type Read = { key: string; value: string; headers: IHeaders }

let system: System
let address: string
let mock: Awaited<ReturnType<typeof startMockKafka>>
let client: Kafka
let producer: Producer
const bridges: ChildProcess[] = []
const read: Record<string, Read[]> = { 'edge-orders.orders': [], 'order-placed.rejected': [] }

beforeAll(async () => {
  mock = await startMockKafka()
  system = await startSystem()
  address = await system.address()
  const shop = openShop(system)
  await shop.stock('P001', 1_000)
  await shop.stock('P002', 1_000)
  client = new Kafka({ brokers: [mock.broker], logLevel: logLevel.NOTHING })
  producer = client.producer()
  await producer.connect()
  await producer.send({ topic: 'order-placed', messages: poisonAmong(ORDER_IDS) })
})

afterAll(async () => {
  for (const bridge of bridges) bridge.kill('SIGKILL')
  await producer?.disconnect()
  mock?.stop()
  await system?.close()
})

const startBridge = (way: '--in' | '--out'): ChildProcess => {
  const env = { ...process.env, EDGE_ORDERS_URL: address, EDGE_ORDERS_KEY: 'test-admin-key' }
  const bridge = spawn(process.execPath, [PROGRAM, 'kafka', way, '--brokers', mock.broker], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  bridges.push(bridge)
  return bridge
}

const follow = async (): Promise<void> => {
  const consumer = client.consumer({ groupId: 'test' })
  await consumer.connect()
  await consumer.subscribe({ topics: Object.keys(read), fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, message: { key, value, headers = {} } }) => {
      read[topic]?.push({ key: String(key), value: String(value), headers })
    },
  })
}

const eventsSchema = z.object({ events: z.array(z.object({ id: z.string(), data: z.unknown() })) })

const ORDER_IDS = Array.from({ length: 20 }, (_, index) => `kafka-${index}`)

/** The plain event of version 1 under each id, and in their middle one for a product that there is not. */
const poisonAmong = (orderIds: readonly string[]) => {
  const values = orderIds.map((orderId) => JSON.stringify({ ...plainEventExample, orderId }))
  const poison = { ...plainEventExample, orderId: 'poison', items: [{ productId: 'NOPE', quantity: 1 }] }
  return values.toSpliced(7, 0, JSON.stringify(poison)).map((value) => ({ key: 'web', value }))
}

const eventsInTopic = (): Map<string, unknown[]> => {
  const events = new Map<string, unknown[]>()
  const seen = new Set<string>()
  for (const { key, value, headers } of read['edge-orders.orders'] ?? []) {
    const id = String(headers['ce_id'])
    if (!seen.has(id)) events.set(key, [...(events.get(key) ?? []), { id, data: JSON.parse(value) }])
    seen.add(id)
  }
  return events
}

it('takes a KafkaJS producer as it is, and publishes every event in order, also after kill -9 of both bridges', async () => {
  const shop = openShop(system)
  const [firstIn, firstOut] = [startBridge('--in'), startBridge('--out')]
  await eventually(
    async () => (await shop.call('/orders/kafka-0')).status,
    (status) => status === 200,
  )
  firstIn.kill('SIGKILL')
  firstOut.kill('SIGKILL')
  const [lastIn, lastOut] = [startBridge('--in'), startBridge('--out')]
  await follow()
  const settled = () =>
    [...eventsInTopic().values()].filter((events) => JSON.stringify(events).includes('/OrderSettled'))
  await eventually(settled, ({ length }) => length === ORDER_IDS.length, { withinMs: 60_000 })

  const expected = await Promise.all(
    ORDER_IDS.map(async (orderId) => {
      const { events } = eventsSchema.parse((await shop.call(`/orders/${orderId}/events`)).body)
      return events.map(({ id, data }) => ({ id, data }))
    }),
  )
  const byFirstId = (events: unknown[]) => JSON.stringify(events[0])
  expect([...eventsInTopic().values()].sort((a, b) => byFirstId(a).localeCompare(byFirstId(b)))).toEqual(
    expected.sort((a, b) => byFirstId(a).localeCompare(byFirstId(b))),
  )
  expect(
    read['edge-orders.orders']?.every(({ headers }) => String(headers['ce_publishedby']) === 'edge-orders'),
  ).toBe(true)
  const rejected = await eventually(
    () => read['order-placed.rejected'] ?? [],
    ({ length }) => length > 0,
  )
  expect(
    rejected.map(({ value, headers }) => [JSON.parse(value).orderId, String(headers['edge-orders-code'])]),
  ).toContainEqual(['poison', 'unknown_product'])

  for (const bridge of [lastIn, lastOut]) {
    const ended = once(bridge, 'exit')
    bridge.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }
})
