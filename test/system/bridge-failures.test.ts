import { connect } from 'amqplib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Scope } from '../../src/contracts/caller.ts'
import { type BridgeProcess, startBridge } from '../support/bridge/bridge-process.ts'
import { type BrokerToKill, eventSchema, rabbitMqToKill } from '../support/bridge/brokers-to-kill.ts'
import { startCuttableWay } from '../support/bridge/cut.ts'
import { POISON, plainEventOf } from '../support/bridge/kill-run.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { createApiKey } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

/*
 * What the property tests show over fakes, once each over a real broker: docs/bridges.md promises it. One system and one
 * RabbitMQ for all of it.
 */

let broker: BrokerToKill
let system: System
let shop: ReturnType<typeof openShop>
let way: Awaited<ReturnType<typeof startCuttableWay>>
let followed: Awaited<ReturnType<BrokerToKill['follow']>>
const bridges: BridgeProcess[] = []

beforeAll(async () => {
  broker = await rabbitMqToKill()
  way = await startCuttableWay(Number(new URL(brokerUrl()).port))
  followed = await broker.follow()
  system = await startSystem()
  shop = openShop(system)
  for (const productId of ['P001', 'P002']) await shop.stock(productId, 10_000)
}, 120_000)

beforeEach(() => {
  followed.published.length = 0
  followed.rejected.length = 0
})

afterAll(async () => {
  for (const bridge of bridges) await bridge.kill()
  way?.close()
  await broker?.stop()
  await system?.close()
})

const brokerUrl = (): string => broker.environment['AMQP_URL'] ?? ''

/** By the way that can be cut. */
const start = async (direction: '--in' | '--out', key = 'test-admin-key'): Promise<BridgeProcess> => {
  const url = new URL(brokerUrl())
  url.port = String(way.port)
  const bridge = startBridge({
    args: ['rabbitmq', direction, ...broker.flags[direction]],
    environment: { AMQP_URL: url.href, EDGE_ORDERS_URL: await system.address(), EDGE_ORDERS_KEY: key },
  })
  bridges.push(bridge)
  return bridge
}

/** Messages that are not acknowledged, once no bridge holds any. */
const waitingOrders = async (): Promise<number> => {
  const connection = await connect(brokerUrl())
  const channel = await connection.createChannel()
  const { messageCount } = await channel.checkQueue('order-placed')
  await connection.close()
  return messageCount
}

const consumer = async () => (await shop.call('/feed/consumers/bridge')).body

const eventsSchema = z.object({ events: z.array(eventSchema) })

const eventsOf = async (orderId: string) =>
  eventsSchema.parse((await shop.call(`/orders/${orderId}/events`)).body).events

const statusesOf = (orderIds: readonly string[], key?: string) =>
  Promise.all(orderIds.map(async (id) => (await openShop(system, key).call(`/orders/${id}`)).status))

/** Distinct events of one order in the topic, in its sequence. */
const publishedOf = async (orderId: string) => {
  const expected = new Set((await eventsOf(orderId)).map(({ id }) => id))
  return followed.published.filter(({ id }) => expected.delete(id))
}

const ORDER_IDS = Array.from({ length: 99 }, (_, index) => `batch-${index}`)

describe('the way in', () => {
  it('places 99 orders of a batch of 100, rejects the bad one with its reason, and goes on', async () => {
    await broker.send(ORDER_IDS.map(plainEventOf).toSpliced(57, 0, POISON))
    const bridge = await start('--in')
    await bridge.untilDelivered(100)
    expect(new Set(await statusesOf(ORDER_IDS))).toEqual(new Set([200]))
    await eventually(
      () => followed.rejected,
      ({ length }) => length > 0,
    )
    const detail = expect.stringContaining('NOPE')
    expect(followed.rejected).toEqual([{ body: POISON, code: 'unknown_product', detail }])
    await broker.send([plainEventOf('next')])
    await bridge.untilDelivered(101)
    expect(await statusesOf(['next'])).toEqual([200])
    expect(await bridge.stop()).toEqual([0, null])
    expect(await waitingOrders()).toBe(0)
  })

  it('rejects each message of a batch that is wrong altogether, each for its own reason', async () => {
    const noOrder = JSON.stringify({ eventType: 'OrderPlaced', orderId: 'no-items', items: [] })
    await broker.send([POISON, '{ no JSON', noOrder])
    const bridge = await start('--in')
    await bridge.untilDelivered(3)
    await eventually(
      () => followed.rejected,
      ({ length }) => length === 3,
    )
    expect(new Map(followed.rejected.map(({ body, code }) => [body, code]))).toEqual(
      new Map([
        [POISON, 'unknown_product'],
        ['{ no JSON', 'malformed_json'],
        [noOrder, 'validation_failed'],
      ]),
    )
    expect(await bridge.stop()).toEqual([0, null])
  })

  it('ends with code 1 and commits nothing when its key is revoked; a key of the same client goes on', async () => {
    const scopes: Scope[] = ['events:write', 'orders:read']
    const { id, key } = await createApiKey(system, 'web', scopes)
    await shop.call(`/keys/${id}`, { method: 'DELETE' })
    await broker.send([plainEventOf('kept')])
    const refused = await start('--in', key)
    expect(await refused.ended).toEqual([1, null])
    expect(refused.errors()).toMatch(
      /^POST \/events: 401 unauthorized .*\nGive a valid key of the same client/,
    )
    expect(await waitingOrders()).toBe(1)
    expect(followed.rejected).toEqual([])
    const next = await createApiKey(system, 'web', scopes)
    const bridge = await start('--in', next.key)
    await bridge.untilDelivered(1)
    expect(await statusesOf(['kept'], next.key)).toEqual([200])
    expect(await bridge.stop()).toEqual([0, null])
  })
})

/** Less than a page of a hundred events has. */
const BYTES_OF_HALF_A_PAGE = 40_000

describe('the way out', () => {
  it('commits nothing of a page in whose middle the broker goes away, and publishes it again', async () => {
    for (const orderId of ORDER_IDS) await shop.settled(orderId)
    way.cutAfter(BYTES_OF_HALF_A_PAGE)
    const bridge = await start('--out')
    const { lastError } = await eventually(consumer, ({ health }) => health === 'retrying')
    expect(lastError.message).toMatch(/RabbitMQ/)
    expect(bridge.delivered()).toBe(0)
    expect(followed.published.length).toBeGreaterThan(0)
    way.mend()
    const caughtUp = await eventually(consumer, ({ lag }) => lag.events === 0, { withinMs: 60_000 })
    expect(caughtUp.health).toBe('healthy')
    for (const orderId of ORDER_IDS) {
      await eventually(
        () => publishedOf(orderId),
        (events) => events.at(-1)?.type === 'OrderSettled',
      )
      expect(await publishedOf(orderId)).toEqual(await eventsOf(orderId))
    }
    expect(await bridge.stop()).toEqual([0, null])
  })

  it('ends with code 1 and what to do when the cursor is of a feed that is no more; a seek lets it go on', async () => {
    await shop.call('/feed', { method: 'DELETE' })
    const refused = await start('--out')
    expect(await refused.ended).toEqual([1, null])
    expect(refused.errors()).toMatch(/422 feed_cursor_refused .*\n.*seek with \{"at":"oldest"\}/)
    expect(followed.published).toEqual([])
    await shop.post('/feed/consumers/bridge/seek', { at: 'oldest' })
    const bridge = await start('--out')
    await eventually(consumer, ({ lag, health }) => health === 'healthy' && lag.events === 0)
    expect(await publishedOf('next')).toEqual(await eventsOf('next'))
    expect(await bridge.stop()).toEqual([0, null])
  })
})
