import { describe, expect, it } from 'vitest'
import type { FeedPlace, FeedReply } from '../../../src/order/feed.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../src/order/feed-cursor.ts'
import {
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const read = (world: OrderWorld, place?: FeedPlace, limit = 100): FeedReply =>
  world.partition().feed.read({ place, limit, newEpoch: 'e1' })

const pageOf = (reply: FeedReply) => {
  if (!reply.ok) throw new Error('refused')
  return reply.value
}

const caughtUp = (world: OrderWorld) => {
  const begun = pageOf(read(world))
  return begun.hasMore ? pageOf(read(world, begun.place)) : begun
}

const positionsIn = ({ memory }: OrderWorld) =>
  memory.sql<{ position: number | null; positions: string | null }>('SELECT position, positions FROM orders')

describe('the order feed of a partition', () => {
  it('is off until it is first read: rows have no positions', () => {
    const world = createOrderWorld()
    world.place()
    world.answer(stockReserved(), paymentAuthorized())
    expect(positionsIn(world)).toEqual([{ position: null, positions: null }])
    expect(world.memory.sql('SELECT * FROM feed')).toEqual([])
  })

  it('begins with what was before, without the payment token, and names the client', () => {
    const world = createOrderWorld()
    world.place()
    const { events } = pageOf(read(world))
    expect(events).toMatchObject([
      { type: 'OrderPlaced', client: 'shop', partitionkey: ORDER_ID, sequence: '000001' },
    ])
    expect(JSON.stringify(events)).not.toContain('pm_card')
  })

  it('gives each new fact the next position in the commit that stores it', () => {
    const world = createOrderWorld()
    world.place()
    const { place } = caughtUp(world)
    world.answer(stockReserved(), paymentAuthorized())
    expect(positionsIn(world)).toEqual([{ position: 3, positions: '[0,1,2,3]' }])
    const { events, hasMore } = pageOf(read(world, place))
    expect(events.map(({ type }) => type)).toEqual(['StockReserved', 'PaymentAuthorized', 'OrderConfirmed'])
    expect(hasMore).toBe(false)
  })

  it('goes on within an order that has more facts than a page has room for', () => {
    const world = createOrderWorld()
    let { place } = caughtUp(world)
    world.place()
    world.answer(stockReserved(), paymentAuthorized())
    world.answer(stockCommitted(), paymentCaptured())
    const types: string[] = []
    for (let more = true; more; ) {
      const page = pageOf(read(world, place, 2))
      types.push(...page.events.map(({ type }) => type))
      place = page.place
      more = page.hasMore
    }
    expect(types).toEqual(
      world
        .partition()
        .events(ORDER_ID, { client: 'admin', scopes: ['operations'] })
        ?.map(({ type }) => type),
    )
  })

  it('refuses places from before it was switched off, and takes no positions until it is read again', () => {
    const world = createOrderWorld()
    const { place } = caughtUp(world)
    expect(world.partition().feed.switchOff()).toBe(true)
    expect(world.partition().feed.switchOff()).toBe(false)
    world.place()
    expect(positionsIn(world)).toEqual([{ position: null, positions: null }])
    expect(read(world, place)).toEqual({ ok: false, reason: 'place_unknown' })
    world.partition().feed.read({ place: undefined, limit: 1, newEpoch: 'e2' })
    expect(read(world, place)).toEqual({ ok: false, reason: 'place_unknown' })
  })

  it('refuses a place that is ahead of it: its database was restored', () => {
    const world = createOrderWorld()
    const { place } = caughtUp(world)
    expect(read(world, { ...place, part: 'new', known: 9, read: 9, within: 0 }).ok).toBe(false)
  })

  it('stays on after a restart', () => {
    const world = createOrderWorld()
    const { place } = caughtUp(world)
    world.restart()
    world.place()
    expect(pageOf(read(world, place)).events).toHaveLength(1)
  })

  it('ends the waits of its readers with the next fact', async () => {
    const world = createOrderWorld()
    const { place } = caughtUp(world)
    const wait = world.partition().feed.untilNew(place, 60_000)
    world.place()
    await wait
    expect(pageOf(read(world, place)).events).toHaveLength(1)
  })

  it('stores nothing of a fact whose turn is undone, nor its position', () => {
    const world = createOrderWorld()
    caughtUp(world)
    expect(() =>
      world.memory.host.turn(() => {
        world.place()
        throw new Error('undone')
      }),
    ).toThrow('undone')
    world.place()
    expect(positionsIn(world)).toEqual([{ position: 1, positions: '[1]' }])
  })
})

describe('a cursor of the order feed', () => {
  it('is read as it was written, with a place in each partition', () => {
    const cursor = {
      next: 1,
      places: new Map<string, FeedPlace>([
        ['0', { part: 'new', epoch: 'e1', known: 4, read: 6, within: 5 }],
        ['1', { part: 'stored', epoch: 'e2', began: 7, orderId: ORDER_ID, facts: 3 }],
      ]),
    }
    expect(encodeFeedCursor(cursor)).toMatch(/^[\w-]+$/)
    expect(decodeFeedCursor(encodeFeedCursor(cursor))).toEqual(cursor)
  })

  it.each(['', 'x', 'WzEsMl0', btoa('[0,["0","e",-1,0,0]]'), btoa('{}')])('is not %j', (text) => {
    expect(decodeFeedCursor(text)).toBeUndefined()
  })
})
