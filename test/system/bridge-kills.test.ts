import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import {
  type BrokerToKill,
  eventSchema,
  kafkaToKill,
  type PublishedEvent,
  rabbitMqToKill,
  sqsToKill,
} from '../support/bridge/brokers-to-kill.ts'
import { type KillPlan, orderIdsOf, POISON, placeUnderKills } from '../support/bridge/kill-run.ts'
import { startTrappedWay } from '../support/bridge/trapped-way.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { inParallel } from '../support/parallel.ts'
import { openShop } from '../support/shop.ts'

const numberIn = (variable: string, usual: number): number => Number(process.env[variable] || usual)

/** The long run of docs/bridges.md has more of each. CI kills at other moments every day. */
const planOf = (orders: number, bridgeKills: number, brokerKills: number): KillPlan => ({
  orders: numberIn('BRIDGE_ORDERS', orders),
  bridgeKills: numberIn('BRIDGE_KILLS', bridgeKills),
  brokerKills,
  seed: numberIn('CRASH_SEED', 1),
})

const ORDERS_READ_AT_ONCE = 8
/** Three times as long as a machine took that had much else to do. */
const longestMs = ({ orders }: KillPlan): number => 120_000 + 100 * orders

/** What is published is committed soon: a bridge waits up to a minute after a refusal. */
const COMMIT_MS_MAX = 90_000

const eventsSchema = z.object({ events: z.array(eventSchema) })

/*
 * The test can fail. On 2026-11-28 these breaks of the code turned it red, with 150 orders and three kills beside Kafka:
 * - a bridge commits before the confirmation (`run-bridge.ts`): 30 orders were missing. Kills at chance moments had missed it;
 * - a bridge that was started again skips its first page with events (`feed-source.ts`): 10 orders were missing;
 * - a commit is taken without a look at its lease (`feed-consumer.ts`): no bridge saw that it had lost the lease.
 * With 300 orders and six kills beside RabbitMQ:
 * - a publication counts as done without its confirmation (`rabbitmq/publish.ts`): 12 orders were missing after the broker
 *   had stood still. Beside the mock of Kafka it would not: what reached its socket is not lost by any kill.
 * With 100 orders and two kills beside SQS, each where it hurts most:
 * - a bridge commits before the confirmation (`run-bridge.ts`): 33 orders were missing.
 */

const BROKERS = {
  rabbitmq: { start: rabbitMqToKill, plan: planOf(1_000, 5, numberIn('BROKER_KILLS', 1)) },
  // The mock has no disk. A killed member of a group is missed after ten seconds, so fewer are killed.
  kafka: { start: kafkaToKill, plan: planOf(300, 3, 0) },
  // In memory. One kill of each way, both where it hurts most.
  sqs: { start: sqsToKill, plan: planOf(100, 2, 0) },
}

describe.each(Object.entries(BROKERS))('npm run bridge -- %s', (word, { start, plan }) => {
  let broker: BrokerToKill
  let system: System
  let shop: ReturnType<typeof openShop>

  beforeAll(async () => {
    broker = await start()
    system = await startSystem()
    shop = openShop(system)
    for (const productId of ['P001', 'P002']) await shop.stock(productId, 100_000)
  }, 120_000)

  afterAll(async () => {
    await broker?.stop()
    await system?.close()
  })

  const eventsOf = async (orderIds: readonly string[]): Promise<Map<string, PublishedEvent[]>> => {
    const events = new Map<string, PublishedEvent[]>()
    await inParallel(orderIds, ORDERS_READ_AT_ONCE, async (orderId) => {
      events.set(orderId, eventsSchema.parse((await shop.call(`/orders/${orderId}/events`)).body).events)
    })
    return events
  }

  const consumer = async () => (await shop.call('/feed/consumers/bridge')).body

  it(
    `publishes every event of each order in order under ${plan.bridgeKills} kills of the bridge and ${plan.brokerKills} of the broker`,
    async () => {
      const startedAt = Date.now()
      const way = await startTrappedWay(await system.address())
      onTestFinished(way.close)
      const { alive, killed } = await placeUnderKills({ broker, word, way, key: 'test-admin-key', plan })
      onTestFinished(async () => {
        for (const bridge of alive) await bridge.kill()
      })
      const { published, rejected } = await broker.follow()
      const missing = () =>
        plan.orders -
        new Set(published.filter(({ type }) => type === 'OrderSettled').map(({ id }) => id)).size
      await eventually(missing, (orders) => orders === 0, { withinMs: longestMs(plan) })
      const seconds = Math.round((Date.now() - startedAt) / 1_000)
      await eventually(consumer, ({ lag }) => lag?.events === 0, { withinMs: COMMIT_MS_MAX })
      // The rivals did take the lease from each other, and each sees it when its wait for events is over.
      const leasesLost = () => [...alive, ...killed].reduce((sum, bridge) => sum + bridge.leasesLost(), 0)
      await eventually(leasesLost, (leases) => leases > 0, { withinMs: COMMIT_MS_MAX })
      const ended = await Promise.all(alive.map((bridge) => bridge.stop()))
      const expected = await eventsOf(orderIdsOf(plan))

      const inTopic = withoutRepetitions(published)
      expect(byOrder(inTopic, expected)).toEqual(expected)
      expect(new Set(rejected.map(({ body, code }) => `${code} ${body}`))).toEqual(
        new Set([`unknown_product ${POISON}`]),
      )
      expect(ended).toEqual(alive.map(() => [0, null]))
      console.log(
        `${word}: ${plan.orders} orders, ${plan.bridgeKills} kills of the bridge, ${plan.brokerKills} of the broker, ` +
          `${seconds} s, ${inTopic.length} events in ${published.length} messages, seed ${plan.seed}`,
      )
    },
    2 * longestMs(plan),
  )
})

/** A reader keeps the first of each id, where it came. */
const withoutRepetitions = (published: readonly PublishedEvent[]): PublishedEvent[] => {
  const seen = new Set<string>()
  return published.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** The events of a topic by their orders, in the topic's sequence. */
const byOrder = (
  inTopic: readonly PublishedEvent[],
  expected: ReadonlyMap<string, readonly PublishedEvent[]>,
): Map<string, PublishedEvent[]> => {
  const orderOf = new Map([...expected].flatMap(([order, events]) => events.map(({ id }) => [id, order])))
  return Map.groupBy(inTopic, ({ id }) => orderOf.get(id) ?? `of no order: ${id}`)
}
