import fc from 'fast-check'
import { expect, it } from 'vitest'
import { feedSource } from '../../src/bridge/feed-source.ts'
import { orderSink } from '../../src/bridge/place-orders.ts'
import type { BrokerSink, OutgoingMessage, Source } from '../../src/bridge/ports.ts'
import { runBridge } from '../../src/bridge/run-bridge.ts'
import { runTurn } from '../../src/bridge/run-turn.ts'
import { bridgePorts } from '../support/bridge/bridge-run.ts'
import { createFakeBroker, textMessage } from '../support/bridge/fake-broker.ts'
import { createFakeFeed, feedEvent } from '../support/bridge/fake-feed.ts'
import { createFakeOrdersApi } from '../support/bridge/fake-orders-api.ts'
import { createFaults, FAULTS, type Faults } from '../support/bridge/faults.ts'

const faultScript = fc.array(fc.constantFrom(...FAULTS), { maxLength: 60 })

/** Which order has the next event. */
const workload = fc.array(fc.nat(4), { maxLength: 40 })

const eventsOf = (orders: readonly number[]) => {
  const counts = new Map<number, number>()
  return orders.map((order) => {
    const sequence = (counts.get(order) ?? 0) + 1
    counts.set(order, sequence)
    return feedEvent(`ord_${order}`, sequence)
  })
}

/** The first of equal ones. */
const distinct = <Item>(items: readonly Item[], idOf: (item: Item) => string): Item[] =>
  [...new Map([...items].reverse().map((item) => [idOf(item), item])).values()].reverse()

const idsByKey = (items: readonly { key: string; id: string }[]) =>
  Object.groupBy(
    distinct(items, ({ id }) => id),
    ({ key }) => key,
  )

const byKey = (items: readonly { key: string; id: string }[]): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(idsByKey(items)).map(([key, those]) => [key, (those ?? []).map(({ id }) => id)]),
  )

const WAYS_OUT = {
  'as a process': (source: Source<OutgoingMessage>, sink: BrokerSink, isDelivered: () => boolean) =>
    runBridge(source, sink, bridgePorts(isDelivered)),
  'in turns': async (source: Source<OutgoingMessage>, sink: BrokerSink, isDelivered: () => boolean) => {
    while (!isDelivered()) await runTurn(source, sink)
  },
}

it.each(Object.entries(WAYS_OUT))(
  'out, %s: whatever fails and wherever it crashes, no event of an order is missing, and none overtakes another',
  async (_, run) => {
    await fc.assert(
      fc.asyncProperty(
        workload,
        fc.integer({ min: 1, max: 7 }),
        faultScript,
        async (orders, pageSize, script) => {
          const events = eventsOf(orders)
          const feed = createFakeFeed(events, pageSize)
          const broker = createFakeBroker()
          const faults = createFaults(script)
          await faults.untilEnd(() =>
            run(feedSource(feed.client(faults)), broker.sink(faults), feed.isDelivered),
          )
          expect(byKey(broker.published)).toEqual(
            byKey(events.map(({ id, partitionkey }) => ({ id, key: partitionkey }))),
          )
        },
      ),
    )
  },
)

it('out: two bridges that fight for one consumer lose no event and overtake none', async () => {
  await fc.assert(
    fc.asyncProperty(
      workload,
      fc.integer({ min: 1, max: 7 }),
      fc.infiniteStream(fc.nat(9)),
      async (orders, pageSize, delays) => {
        const events = eventsOf(orders)
        const feed = createFakeFeed(events, pageSize)
        const broker = createFakeBroker()
        const bridge = () => {
          const slow = slowed(() => delays.next().value ?? 0)
          return runBridge(feedSource(feed.client(slow)), broker.sink(slow), bridgePorts(feed.isDelivered))
        }
        await Promise.all([bridge(), bridge()])
        expect(byKey(broker.published)).toEqual(
          byKey(events.map(({ id, partitionkey }) => ({ id, key: partitionkey }))),
        )
      },
    ),
  )
})

/** Calls that take so many turns of the event loop, so that two bridges get ahead of each other. */
const slowed = (turns: () => number): Faults => ({
  ...createFaults(),
  meet: async (effect) => {
    for (let left = turns(); left > 0; left -= 1) await Promise.resolve()
    return effect()
  },
})

const messageArbitrary = fc.constantFrom('order', 'order', 'order', 'bad', 'no JSON', 'marked')

const contentOf = (kind: string, index: number): string => {
  if (kind === 'no JSON') return `{ order ${index}`
  return JSON.stringify({
    orderId: `${kind}-${index}`,
    ...(kind === 'marked' && { publishedby: 'edge-orders' }),
  })
}

it('in: whatever fails and wherever it crashes, every order is placed in order, and every bad message is rejected with its reason', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(messageArbitrary, { maxLength: 30 }),
      fc.integer({ min: 1, max: 12 }),
      faultScript,
      async (kinds, pageSize, script) => {
        const broker = createFakeBroker(pageSize)
        const contents = kinds.map(contentOf)
        broker.placed.push(...contents.map((content) => textMessage(content)))
        const api = createFakeOrdersApi([{ matches: /bad/, response: REFUSED }])
        const faults = createFaults(script)
        await faults.untilEnd(() => {
          const source = broker.source(faults)
          const ports = bridgePorts(broker.isPlaced)
          const { reject } = source
          const sink = orderSink({
            ...ports,
            postEvents: api.postEvents(faults),
            reject,
            onRejected: () => undefined,
          })
          return runBridge(source, sink, ports)
        })
        const of = (kind: string) => contents.filter((_, index) => kinds[index] === kind)
        expect([...api.orders.values()]).toEqual(of('order'))
        expect(rejectedWith(broker, 'unknown_product')).toEqual(new Set(of('bad')))
        expect(rejectedWith(broker, 'malformed_json')).toEqual(new Set(of('no JSON')))
      },
    ),
  )
})

const REFUSED = { status: 422, code: 'unknown_product', detail: 'There is no such product.' }

const rejectedWith = ({ rejected }: ReturnType<typeof createFakeBroker>, code: string): Set<string> =>
  new Set(
    rejected
      .filter(({ why }) => why.code === code)
      .map(({ message }) => new TextDecoder().decode(message.body)),
  )
