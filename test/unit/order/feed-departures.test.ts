import { describe, expect, it } from 'vitest'
import { gauge } from '../../../src/contracts/metrics.ts'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { DAY_MS } from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { refusal } from '../../../src/kernel/result.ts'
import { measureConsumers } from '../../../src/order/consumer-lag.ts'
import { viewConsumer } from '../../../src/order/consumer-view.ts'
import type { FeedPlace } from '../../../src/order/feed.ts'
import type { FeedConsumer } from '../../../src/order/feed-consumer.ts'
import { encodeFeedCursor } from '../../../src/order/feed-cursor.ts'
import {
  NOW,
  paymentAuthorized,
  paymentCaptured,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const DAYS = 7

const read = (world: OrderWorld, place?: FeedPlace, limit = 100) =>
  world.partition().feed.read({ place, limit, newEpoch: 'e1' })

const pageOf = (reply: ReturnType<typeof read>) => {
  if (!reply.ok) throw new Error(`refused: ${reply.reason}`)
  return reply.value
}

const caughtUp = (world: OrderWorld, from?: FeedPlace): FeedPlace => {
  const { place, hasMore } = pageOf(read(world, from))
  return hasMore ? caughtUp(world, place) : place
}

const placed = (world: OrderWorld, number: number): string => {
  const orderId = newOrderId('0', timeDigits(world.memory.now()) + String(number).padStart(16, '0'))
  world.place({ orderId })
  return orderId
}

const settle = (world: OrderWorld, orderId: string): void => {
  const about = { data: { orderId }, at: world.memory.now() }
  world.answer(stockReserved(about), paymentAuthorized(about))
  world.answer(stockCommitted(about), paymentCaptured(about))
}

/** Places and settles an order now. */
const settled = (world: OrderWorld, number: number): string => {
  const orderId = placed(world, number)
  settle(world, orderId)
  return orderId
}

const depart = async (world: OrderWorld) => {
  await world.memory.ringUntilRest(world.wake)
  await world.partition().lookForDepartures()
  await world.memory.ringUntilRest(world.wake)
}

const stored = ({ memory }: OrderWorld): string[] =>
  memory.sql<{ order_id: string }>('SELECT order_id FROM orders').map(({ order_id }) => order_id)

const consumerAt = (place: FeedPlace): FeedConsumer => ({
  ...{ name: 'warehouse', feed: 'orders', failures: 0, createdAt: NOW },
  cursor: encodeFeedCursor({ next: 0, places: new Map([['0', place]]) }),
})

const partitionsOf = (world: OrderWorld) => ({
  labels: ['0'],
  placeAt: async () => {
    throw new Error('not asked')
  },
  lagsOf: async (_label: string, places: readonly (FeedPlace | undefined)[]) =>
    world.partition().feed.lagsOf(places),
})

const feedWorld = () => {
  const world = createOrderWorld({ retentionDays: DAYS })
  return { world, start: caughtUp(world) }
}

describe('the order feed, when orders leave', () => {
  it('gives no position twice', async () => {
    const { world } = feedWorld()
    settled(world, 1)
    const place = caughtUp(world)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
    settled(world, 2)
    const { events } = pageOf(read(world, place))
    expect(events.map(({ type }) => type)[0]).toBe('OrderPlaced')
    expect(events).toHaveLength(7)
  })

  it('lets a reader that had them go on, and then wait for what is new', async () => {
    const { world } = feedWorld()
    settled(world, 1)
    const place = caughtUp(world)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    const next = caughtUp(world, place)
    let isOver = false
    const waiting = world
      .partition()
      .feed.untilNew(next, 60_000)
      .then(() => {
        isOver = true
      })
    await Promise.resolve()
    expect(isOver).toBe(false)
    settled(world, 2)
    await waiting
    expect(pageOf(read(world, next)).events).toHaveLength(7)
  })

  it('refuses a reader that had a part of the last order that left', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    settled(world, 1)
    const { place, events } = pageOf(read(world, undefined, 3))
    expect(events).toHaveLength(3)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
    expect(read(world, place)).toEqual({ ok: false, reason: 'orders_left' })
  })

  it('refuses a reader that did not have them, and one that was half through the stored orders', async () => {
    const { world, start } = feedWorld()
    settled(world, 1)
    settled(world, 2)
    world.partition().feed.switchOff()
    const { place: halfway } = pageOf(read(world, undefined, 7))
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect(halfway).toMatchObject({ part: 'stored' })
    expect(read(world, halfway)).toEqual({ ok: false, reason: 'orders_left' })
    expect(world.partition().feed.lagsOf([halfway])).toEqual([{ ok: false, reason: 'orders_left' }])
    expect(read(world, start).ok).toBe(false)
  })

  it('refuses a reader of the stored orders whose later facts left, although it had read past their order', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    const [leaving, ...staying] = [placed(world, 1), placed(world, 2), placed(world, 3)]
    const { place } = pageOf(read(world, undefined, 2))
    expect(place).toMatchObject({ part: 'stored', orderId: staying[0] })
    settle(world, leaving)
    world.memory.advance((DAYS + 1) * DAY_MS)
    for (const orderId of staying) settle(world, orderId)
    await depart(world)
    expect(stored(world)).toEqual(staying)
    expect(read(world, place)).toEqual({ ok: false, reason: 'orders_left' })
  })

  it('refuses a consumer that was to begin with the oldest order, and has not read it when it leaves', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    settled(world, 1)
    const place = world.partition().feed.placeAt('oldest', 'e1')
    world.consumers = async () => [consumerAt(place)]
    world.memory.advance((DAYS + 31) * DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
    expect(read(world, place)).toEqual({ ok: false, reason: 'orders_left' })
    expect(read(world, world.partition().feed.placeAt('oldest', 'e1')).ok).toBe(true)
  })

  it('refuses a reader of new facts that did not have them', async () => {
    const { world, start } = feedWorld()
    settled(world, 1)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect(read(world, start)).toEqual({ ok: false, reason: 'orders_left' })
  })

  it('lets a reader begin with the oldest order that is kept', async () => {
    const { world } = feedWorld()
    settled(world, 1)
    world.memory.advance((DAYS + 1) * DAY_MS)
    settled(world, 2)
    await depart(world)
    const begun = pageOf(read(world, undefined, 3))
    expect(begun.events).toHaveLength(3)
    expect(pageOf(read(world, begun.place)).events).toHaveLength(4)
  })

  it('keeps orders back that a consumer did not read, and after thirty more days no longer', async () => {
    const { world } = feedWorld()
    settled(world, 1)
    const place = caughtUp(world)
    const unread = settled(world, 2)
    world.consumers = async () => [consumerAt(place)]
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([unread])
    const measured = world.partition().measure()
    expect(measured).toContainEqual(gauge('edge_orders_orders_departed', 1))
    expect(measured).toContainEqual(gauge('edge_orders_orders_held_back', 1, { consumer: 'warehouse' }))
    const oldest = measured.find(({ name }) => name === 'edge_orders_oldest_order_seconds')
    expect(oldest).toEqual(gauge('edge_orders_oldest_order_seconds', (world.memory.now() - NOW) / 1_000))
    world.memory.advance(29 * DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([unread])
    world.memory.advance(DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
    const [lag] = await measureConsumers(partitionsOf(world), await world.consumers(), world.memory.now())
    expect(viewConsumer(consumerAt(place), lag ?? refusal('cursor_refused'))).toMatchObject({
      health: 'blocked',
      blocked: expect.stringContaining('It misses events from 2026-11-23T12:00:00.000Z on.'),
    })
  })

  it('keeps no order back for a consumer of products, and none for one that is blocked', async () => {
    const { world, start } = feedWorld()
    settled(world, 1)
    const blocked = consumerAt({ ...start, epoch: 'former' })
    world.consumers = async () => [blocked, { ...consumerAt(start), feed: 'products' }]
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
  })

  it('keeps all orders back for a consumer that is not through with the stored ones, or new to the partition', async () => {
    const { world } = feedWorld()
    const orderId = settled(world, 1)
    const begun = world.partition().feed.placeAt('oldest', 'e2')
    const isNew = { ...consumerAt(begun), cursor: encodeFeedCursor({ next: 0, places: new Map() }) }
    world.memory.advance((DAYS + 1) * DAY_MS)
    for (const consumer of [consumerAt(begun), isNew]) {
      world.consumers = async () => [consumer]
      world.restart()
      await depart(world)
      expect(stored(world)).toEqual([orderId])
    }
  })

  it('asks again how far consumers have read before orders leave', async () => {
    const { world, start } = feedWorld()
    const unread = settled(world, 1)
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await world.partition().lookForDepartures()
    world.onArchive = async () => {
      world.consumers = async () => [consumerAt(start)]
    }
    await world.memory.ringUntilRest(world.wake)
    expect(stored(world)).toEqual([unread])
  })
})
