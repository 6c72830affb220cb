import type { FauxqsServer } from 'fauxqs'
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest'
import { withBridgeClass } from '../support/bridge/bridge-class.ts'
import { startFlakySqs } from '../support/bridge/flaky-sqs.ts'
import { environment, startSqs } from '../support/bridge/sqs-queues.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let aws: FauxqsServer
let flaky: Awaited<ReturnType<typeof startFlakySqs>>
let system: System
let shop: ReturnType<typeof openShop>
const bridgeClass = withBridgeClass()
const QUEUE = 'events.fifo'

const { AWS_REGION, ...key } = environment

beforeAll(async () => {
  aws = await startSqs()
  aws.createQueue(QUEUE, { attributes: { FifoQueue: 'true' } })
  flaky = await startFlakySqs(aws.port)
  const target = `http://127.0.0.1:${flaky.port}/000000000000/${QUEUE}`
  system = await startSystem({
    order: {
      configPath: bridgeClass.configPath,
      vars: { BRIDGE_TARGET: target, BRIDGE_AWS_REGION: AWS_REGION },
      secrets: key,
    },
  })
  shop = openShop(system)
  await shop.stock('P001', 100)
})

afterAll(async () => {
  await system.close()
  await flaky.stop()
  await aws.stop()
  bridgeClass.remove()
})

/** The events of one order in the queue, in its order. */
const delivered = (orderId: string): string[] =>
  (aws.inspectQueue(QUEUE)?.messages.ready ?? [])
    .map(({ body }): { id: string; partitionkey: string } => JSON.parse(body))
    .filter(({ partitionkey }) => partitionkey === orderId)
    .map(({ id }) => id)

const eventsOf = async (orderId: string): Promise<string[]> =>
  (await shop.call(`/orders/${orderId}/events`)).body.events.map(({ id }: { id: string }) => id)

const placeAndSettle = async (): Promise<string> => {
  const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
  await shop.settled(orderId)
  return orderId
}

const expectDelivered = async (orderId: string): Promise<void> => {
  const events = await eventsOf(orderId)
  await eventually(
    () => delivered(orderId),
    (ids) => ids.length >= events.length,
    { withinMs: 40_000 },
  )
  expect(delivered(orderId)).toEqual(events)
}

const consumer = async () => (await shop.call('/feed/consumers/bridge')).body

it('delivers what was before and what comes, whatever fails and wherever it crashes', async () => {
  onTestFailed(() => system.debug())
  const before = await placeAndSettle()
  expect(await system.durableObjectIds('order', 'BridgeObject')).toEqual([])
  let crash: Promise<void> | undefined
  const crashed = () => {
    crash = system.restart().then(() => undefined)
    return crash
  }
  flaky.meet('refused', 'response lost', { silent: crashed })
  await shop.call('/readyz')
  const failing = await eventually(consumer, ({ health }) => health === 'retrying')
  expect(failing.lastError.message).toContain('AWS responded 500')
  await eventually(() => crash !== undefined, Boolean)
  await crash
  await expectDelivered(before)
  await expectDelivered(await placeAndSettle())
  const { health, lag, failures } = await eventually(consumer, (view) => view.lag.events === 0)
  expect({ health, lag, failures }).toEqual({
    health: 'healthy',
    lag: { events: 0, seconds: 0 },
    failures: 0,
  })
})
