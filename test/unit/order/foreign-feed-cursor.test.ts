import { describe, expect, it } from 'vitest'
import type { ProductFeedRequest, ProductPlace } from '../../../src/inventory/product-feed.ts'
import type { FeedCursor } from '../../../src/messaging/feed-cursor.ts'
import { type FeedRequest, readPages } from '../../../src/messaging/feed-reader.ts'
import type { FeedPlace } from '../../../src/order/feed.ts'
import { readFeed } from '../../../src/order/feed-reader.ts'
import { createOrderWorld } from '../../support/order-world.ts'
import { createStockWorld } from '../../support/stock-world.ts'

/** One feed of a deployment with so many partitions, each with two orders or products. Its epochs bear its name. */
type Feed<Cursor> = {
  /** The cursor of the next page, or why there is none. */
  read(cursor: Cursor | undefined, limit: number): Promise<Cursor | string>
  /** In how many partitions it is on. */
  countOn(): number
}

type World = ReturnType<typeof createOrderWorld> | ReturnType<typeof createStockWorld>

const at = <Each>(worlds: readonly Each[], label: string): Each => {
  const world = worlds[Number(label)]
  if (world === undefined) throw new Error(`There is no partition ${label}.`)
  return world
}

const labelsOf = (worlds: readonly unknown[]) => worlds.map((_, label) => String(label))

const countOn = (worlds: readonly World[]) =>
  worlds.filter(({ memory }) => memory.sql('SELECT * FROM feed').length > 0).length

const orderFeed = (name: string, count: number): Feed<FeedCursor<FeedPlace>> => {
  const worlds = Array.from({ length: count }, () => createOrderWorld())
  for (const [label, world] of worlds.entries()) {
    for (const order of [1, 2]) world.place({ orderId: `ord_${label}_01m844dzg0000000000000000${order}` })
  }
  const partitions = {
    labels: labelsOf(worlds),
    read: async (label: string, request: FeedRequest<FeedPlace>) =>
      at(worlds, label).partition().feed.read(request),
    untilNew: async () => {},
  }
  return {
    read: async (cursor, limit) => {
      const read = await readFeed(partitions, { cursor, limit, newEpoch: name })
      return read.ok ? read.value.cursor : read.reason
    },
    countOn: () => countOn(worlds),
  }
}

const productFeed = (name: string, count: number): Feed<FeedCursor<ProductPlace>> => {
  const worlds = Array.from({ length: count }, () => createStockWorld())
  for (const [label, world] of worlds.entries()) world.stock({ [`P${label}-1`]: 1, [`P${label}-2`]: 1 })
  const partitions = {
    labels: labelsOf(worlds),
    read: async (label: string, request: ProductFeedRequest) =>
      at(worlds, label).partition().feed.read(request),
    untilNew: async () => {},
  }
  return {
    read: async (cursor, limit) => {
      const read = await readPages(partitions, { cursor, limit, newEpoch: name })
      return read.ok ? read.value.cursor : read.reason
    },
    countOn: () => countOn(worlds),
  }
}

const COUNTS = [1, 2, 3]
/** Fewer events than there are partitions, as many, and more. */
const LIMITS = [1, 2, 3, 10]
const PAGES = 6

/** The cursors of the first pages. */
const cursorsOf = async <Cursor>(feed: Feed<Cursor>, limit: number): Promise<Cursor[]> => {
  const cursors: Cursor[] = []
  for (let page = 0; page < PAGES; page += 1) {
    const cursor = await feed.read(cursors.at(-1), limit)
    if (typeof cursor === 'string') throw new Error(cursor)
    cursors.push(cursor)
  }
  return cursors
}

/** Every way in which a reader of one deployment can come to another, whose feed is off or on. */
const meetings = async <Cursor>(
  feedOf: (name: string, count: number) => Feed<Cursor>,
  change: (cursor: Cursor) => Cursor = (cursor) => cursor,
) => {
  const cursors: { cursor: Cursor; limit: number }[] = []
  for (const theirs of COUNTS.map((count) => feedOf('theirs', count))) {
    for (const limit of LIMITS) {
      for (const cursor of await cursorsOf(theirs, limit)) cursors.push({ cursor: change(cursor), limit })
    }
  }
  const answers: { answer: Cursor | string; countOn: number; before: number }[] = []
  for (const [count, isOn] of COUNTS.flatMap((each) => [[each, true] as const, [each, false] as const])) {
    const ours = feedOf('ours', count)
    if (isOn) await ours.read(undefined, 10)
    const before = ours.countOn()
    for (const { cursor, limit } of cursors) {
      answers.push({ answer: await ours.read(cursor, limit), countOn: ours.countOn(), before })
    }
  }
  return answers
}

const REFUSED = ['cursor_refused', 'place_unknown']

describe('a cursor of another deployment', () => {
  it('of the order feed gives no event and switches nothing on, whatever the partitions and the pages', async () => {
    for (const { answer, countOn, before } of await meetings(orderFeed)) {
      expect(REFUSED).toContain(answer)
      expect(countOn).toBe(before)
    }
  })

  it('does not even give the test event that it leads to', async () => {
    const withTest = <Place>(cursor: FeedCursor<Place>) => ({ ...cursor, test: '01m84cect7ws6kqky32zvfd1pr' })
    const answers = [...(await meetings(orderFeed, withTest)), ...(await meetings(productFeed, withTest))]
    for (const { answer } of answers) expect(REFUSED).toContain(answer)
  })

  it('of the product feed gives no product and switches nothing on', async () => {
    for (const { answer, countOn, before } of await meetings(productFeed)) {
      expect(REFUSED).toContain(answer)
      expect(countOn).toBe(before)
    }
  })
})
