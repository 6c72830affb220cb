import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { plainEventExample } from '../../src/contracts/examples/events.ts'
import { type BridgeProcess, startBridge } from '../support/bridge/bridge-process.ts'
import type { BrokerOfBridge } from '../support/bridge/broker-suite.ts'
import { eventSchema, type PublishedEvent } from '../support/bridge/brokers-to-kill.ts'
import { sqsQueues, startSqs } from '../support/bridge/sqs-queues.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let server: Awaited<ReturnType<typeof startSqs>>
let queues: BrokerOfBridge
let system: System
const bridges: BridgeProcess[] = []

beforeAll(async () => {
  server = await startSqs()
  queues = await sqsQueues(server)
  system = await startSystem()
  const shop = openShop(system)
  await Promise.all(['P001', 'P002'].map((productId) => shop.stock(productId, 10)))
})

afterAll(async () => {
  for (const bridge of bridges) await bridge.kill()
  await server?.stop()
  await system?.close()
})

const start = async (...args: string[]) => {
  const to = { EDGE_ORDERS_URL: await system.address(), EDGE_ORDERS_KEY: 'test-admin-key' }
  bridges.push(startBridge({ args: ['sqs', ...args], environment: { ...queues.environment, ...to } }))
}

const eventsSchema = z.object({ events: z.array(eventSchema) })

it('makes a settled order of the plain event, publishes its events in order, and rejects what is no order', async () => {
  await queues.send([JSON.stringify(plainEventExample), '{ bad'])
  await start('--in', ...queues.flagsIn)
  await start('--out', ...queues.flagsOut)
  const published: PublishedEvent[] = []
  const more = async () => {
    for (const body of await queues.published()) published.push(eventSchema.parse(JSON.parse(body)))
    return published.at(-1)?.type
  }
  await eventually(more, (type) => type === 'OrderSettled', { withinMs: 60_000 })
  const { body } = await openShop(system).call(`/orders/${plainEventExample.orderId}/events`)
  const byId = new Map(published.map((event) => [event.id, event]))
  expect([...byId.values()]).toEqual(eventsSchema.parse(body).events)
  const rejected = await eventually(
    () => queues.rejected(),
    ({ length }) => length > 0,
  )
  expect(rejected).toMatchObject([{ body: '{ bad', code: 'malformed_json' }])
})

it('ends in order when it is told to', async () => {
  for (const bridge of bridges) expect(await bridge.stop()).toEqual([0, null])
})
