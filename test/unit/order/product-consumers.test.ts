import { describe, expect, it } from 'vitest'
import type { ProductConsumers } from '../../../src/contracts/product-consumers.ts'
import { cursorAt, measureCursors } from '../../../src/inventory/product-consumers.ts'
import { decodeProductCursor, encodeProductCursor } from '../../../src/inventory/product-feed.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { refusal, success } from '../../../src/kernel/result.ts'
import { readPages } from '../../../src/messaging/feed-reader.ts'
import { type ConsumerLag, measureByFeed } from '../../../src/order/consumer-lag.ts'
import { viewConsumer } from '../../../src/order/consumer-view.ts'
import type { FeedConsumer } from '../../../src/order/feed-consumer.ts'
import { measureProductConsumers, productCursorAt } from '../../../workers/order/edge/product-consumers.ts'
import { createOrderWorld } from '../../support/order-world.ts'
import { productPartitionsOf } from '../../support/product-partitions.ts'
import { createStockWorld, product } from '../../support/stock-world.ts'

/** A consumer of the products in an order partition, and the stock partition whose feed it follows. */
const createConsumer = async (start: 'oldest' | 'now' = 'oldest') => {
  const shop = createStockWorld()
  shop.stock({ P1: 3, P2: 5 })
  const partitions = productPartitionsOf(shop)
  const begin = (from: 'oldest' | 'now', epoch = 'e1') => cursorAt(partitions, from, epoch)
  const consumers = createOrderWorld().partition().feedConsumers
  consumers.put({ name: 'stock', feed: 'products', types: undefined, cursor: await begin(start) })
  const stored = (): FeedConsumer => {
    const [consumer] = consumers.list()
    if (consumer === undefined) throw new Error('There is no consumer.')
    return consumer
  }
  const page = async () => {
    const cursor = decodeProductCursor(stored().cursor)
    const read = await readPages(partitions, { cursor, limit: 100, newEpoch: 'e1' })
    if (!read.ok) throw new Error(read.reason)
    return { ids: read.value.events.map(({ id }) => id), cursor: encodeProductCursor(read.value.cursor) }
  }
  const commit = (cursor: string) => consumers.commit('stock', { token: 't1', cursor })
  const deliver = async () => {
    consumers.lease('stock', { holder: 'bridge', seconds: 30, newToken: 't1' })
    const { ids, cursor } = await page()
    expect(commit(cursor).ok).toBe(true)
    return ids
  }
  const lag = async () => (await measureCursors(partitions, [stored().cursor], shop.memory.now()))[0]
  return { shop, consumers, begin, stored, deliver, commit, lag }
}

describe('a consumer of the products', () => {
  it('is delivered all products, and then each that changed, from its committed cursor on', async () => {
    const { shop, deliver } = await createConsumer()
    expect(await deliver()).toEqual(['P1/ProductState/2', 'P2/ProductState/2'])
    shop.adjust('P2', 1)
    shop.adjust('P2', 1)
    expect(await deliver()).toEqual(['P2/ProductState/4'])
    expect(await deliver()).toEqual([])
  })

  it('begins with what changes from now on, where it is asked to', async () => {
    const { shop, deliver } = await createConsumer('now')
    expect(await deliver()).toEqual([])
    shop.adjust('P1', 1)
    expect(await deliver()).toEqual(['P1/ProductState/3'])
  })

  it('takes no cursor of another epoch, nor one that leaves its partition out', async () => {
    const { shop, begin, deliver, commit, stored } = await createConsumer()
    await deliver()
    const before = stored()
    shop.partition().feed.switchOff()
    const refused = { ok: false, reason: { code: 'cursor_refused' } }
    expect(commit(await begin('oldest', 'e2'))).toEqual(refused)
    expect(commit(encodeProductCursor({ next: 0, places: new Map() }))).toEqual(refused)
    expect(commit('none')).toEqual(refused)
    expect(stored()).toEqual(before)
  })

  it('gets a test event as a page of its own', async () => {
    const { consumers, deliver } = await createConsumer('now')
    consumers.adjust('stock', { kind: 'test', testId: '01m84cect7ws6kqky32zvfd1pr' })
    expect(await deliver()).toEqual(['01m84cect7ws6kqky32zvfd1pr/FeedTested'])
    expect(await deliver()).toEqual([])
  })

  it('keeps its feed, and is moved by a cursor of that feed alone', async () => {
    const { consumers, begin, stored } = await createConsumer()
    const { cursor } = stored()
    const put = { name: 'stock', feed: 'orders' as const, types: undefined, cursor }
    expect(consumers.put(put)).toEqual({ ok: false, reason: 'other_feed' })
    expect(consumers.adjust('stock', { kind: 'seek', cursor })).toEqual({
      ...{ ok: false, reason: { code: 'not_found' } },
    })
    const now = await begin('now')
    expect(consumers.adjust('stock', { kind: 'seek', feed: 'products', cursor: now }).ok).toBe(true)
    expect(stored().cursor).toBe(now)
  })
})

describe('the lag of a consumer of the products', () => {
  it('counts each product that it does not have once, from the first change on', async () => {
    const { shop, deliver, lag } = await createConsumer()
    shop.memory.advance(SECOND_MS)
    expect(await lag()).toEqual(success({ events: 2, seconds: 1 }))
    await deliver()
    expect(await lag()).toEqual(success({ events: 0, seconds: 0 }))
    shop.partition().putProduct(product('P2', { unitPriceMinor: 1 }))
    shop.memory.advance(4 * SECOND_MS)
    shop.adjust('P1', 1)
    shop.adjust('P1', 1)
    shop.memory.advance(SECOND_MS)
    expect(await lag()).toEqual(success({ events: 2, seconds: 5 }))
  })

  it('says, once the feed was switched off, to begin with all products', async () => {
    const { shop, stored, lag } = await createConsumer()
    shop.partition().feed.switchOff()
    const measured = await lag()
    expect(measured).toEqual(refusal('cursor_refused'))
    expect(viewConsumer(stored(), measured)).toMatchObject({
      ...{ feed: 'products', health: 'blocked', blocked: expect.stringContaining('Seek to the oldest') },
    })
  })

  it('is not shown while inventory does not answer, and such a consumer does not count as blocked', async () => {
    const { stored } = await createConsumer()
    const view = viewConsumer(stored(), undefined)
    expect(view).toMatchObject({ health: 'healthy' })
    expect(view).not.toHaveProperty('lag')
    expect(view).not.toHaveProperty('blocked')
  })
})

describe('inventory, as the edge asks it', () => {
  const envWith = (inventory: Partial<ProductConsumers>) => ({ INVENTORY: inventory }) as unknown as OrderEnv
  const lags = [success({ events: 1, seconds: 2 }), refusal('cursor_refused')]

  it('tells the lag of each consumer of the products', async () => {
    const { stored } = await createConsumer()
    const env = envWith({ productLags: async () => lags })
    expect(await measureProductConsumers(env, [stored(), stored()])).toEqual(lags)
  })

  it.each([
    ['is of an earlier version', {}],
    ['does not answer', { productLags: () => Promise.reject(new Error('away')) }],
    ['answers what no version knows', { productLags: async () => [{ ok: false, reason: 'another' }] }],
  ])('tells no lag where it %s', async (_, inventory) => {
    const { stored } = await createConsumer()
    expect(await measureProductConsumers(envWith(inventory), [stored()])).toEqual([])
  })

  it('gives the place of a new consumer, or fails', async () => {
    const env = envWith({ productCursorAt: async (start) => `from ${start}` })
    expect(await productCursorAt(env, 'now')).toBe('from now')
    await expect(productCursorAt(envWith({}), 'now')).rejects.toThrow()
  })
})

it('consumers of both feeds are measured by their feed, and a feed without consumers is not asked', async () => {
  const { stored } = await createConsumer()
  const ofOrders: FeedConsumer = { ...stored(), name: 'ledger', feed: 'orders' }
  const lag: ConsumerLag = success({ events: 1, seconds: 1 })
  const unasked = () => Promise.reject(new Error('It was asked.'))
  const sources = { orders: async () => [lag, lag], products: async () => [] }
  expect(await measureByFeed(sources, [ofOrders, stored(), { ...ofOrders, name: 'last' }])).toEqual([
    ...[lag, undefined, lag],
  ])
  expect(await measureByFeed({ ...sources, products: unasked }, [ofOrders])).toEqual([lag])
})
