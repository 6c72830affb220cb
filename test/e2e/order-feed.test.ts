import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 100)
})

afterAll(() => system.close())

const feed = (query: Record<string, string | number>) =>
  shop.call(
    `/feed/orders?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`,
  )

/** Reads to the end in small pages. Returns the ids of the events and the last cursor. */
const readAll = async (after?: string) => {
  const ids: string[] = []
  let cursor = after
  for (;;) {
    const page = await feed({ ...(cursor !== undefined && { after: cursor }), limit: 2 })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('application/cloudevents-batch+json')
    cursor = page.headers.get('next-cursor') ?? ''
    expect(page.headers.get('link')).toBe(`</feed/orders?after=${cursor}>; rel="next"`)
    if (page.body.length === 0) return { ids, cursor }
    ids.push(...page.body.map(({ id }: { id: string }) => id))
  }
}

const eventsOf = async (orderId: string): Promise<string[]> =>
  (await shop.call(`/orders/${orderId}/events`)).body.events.map(({ id }: { id: string }) => id)

it('gives all that was before and all that comes, until it is switched off', async () => {
  const before = await shop.place([{ productId: 'P001', quantity: 1 }])
  await shop.settled(before)
  const backfill = await readAll()
  expect(backfill.ids).toEqual(await eventsOf(before))

  const waiting = feed({ after: backfill.cursor, wait: 30 })
  const later = await shop.place([{ productId: 'P001', quantity: 1 }])
  const [first] = (await waiting).body
  expect(first).toMatchObject({ type: 'OrderPlaced', subject: later, client: 'bootstrap' })
  expect(first).toMatchObject({ partitionkey: later, sequence: '000001' })
  expect(JSON.stringify(first)).not.toContain('pm_card')
  await shop.settled(later)
  const { ids, cursor } = await readAll(backfill.cursor)
  expect(ids).toEqual(await eventsOf(later))

  expect((await shop.call('/feed', { method: 'DELETE' })).status).toBe(204)
  expect((await shop.call('/feed', { method: 'DELETE' })).status).toBe(204)
  expect(await shop.problem(feed({ after: cursor }))).toEqual({
    ...{ status: 422, code: 'feed_cursor_refused', paths: ['/after'] },
  })
  expect([...new Set((await readAll()).ids)].toSorted()).toEqual(
    [...(await eventsOf(before)), ...(await eventsOf(later))].toSorted(),
  )
})

it('refuses what is no cursor, a cursor of another deployment, and a key without the scope operations', async () => {
  expect(await shop.problem(feed({ after: 'none' }))).toMatchObject({
    code: 'validation_failed',
    paths: ['/after'],
  })
  const another = btoa(JSON.stringify([0, ['0', 'another', 1, 1, 0]])).replaceAll('=', '')
  expect(await shop.problem(feed({ after: another }))).toMatchObject({ code: 'feed_cursor_refused' })
  const reader = await openShopOf(system, 'reader', ['orders:read'])
  expect((await reader.call('/feed/orders')).status).toBe(403)
})

const products = (query: Record<string, string>) => shop.call(`/feed/products?${new URLSearchParams(query)}`)

it('gives all products with their stock, and each that changes, until its feed is switched off', async () => {
  await shop.stock('P002', 5)
  const first = await products({ limit: '100' })
  expect(first.headers.get('content-type')).toBe('application/cloudevents-batch+json')
  expect(first.body.map(({ partitionkey }: { partitionkey: string }) => partitionkey).toSorted()).toEqual([
    'P001',
    'P002',
  ])
  const after = first.headers.get('next-cursor') ?? ''
  expect(first.headers.get('link')).toBe(`</feed/products?after=${after}>; rel="next"`)

  const waiting = products({ after, wait: '30' })
  await shop.post('/inventory/P002/adjustments', { delta: 2 })
  expect((await waiting).body).toMatchObject([
    { type: 'ProductState', subject: 'P002', data: { onHand: 7, reserved: 0, available: 7 } },
  ])

  expect(await shop.problem(products({ after: 'none' }))).toMatchObject({ code: 'validation_failed' })
  const reader = await openShopOf(system, 'search', ['inventory:read'])
  expect((await reader.call('/feed/products')).status).toBe(200)
  expect((await reader.call('/feed/products', { method: 'DELETE' })).status).toBe(403)
  expect((await shop.call('/feed/products', { method: 'DELETE' })).status).toBe(204)
  expect(await shop.problem(products({ after }))).toEqual({
    ...{ status: 422, code: 'feed_cursor_refused', paths: ['/after'] },
  })
})

const consumer = (path = '') => `/feed/consumers/ledger${path}`

const put = (body: object = {}) => shop.call(consumer(), { method: 'PUT', body })

/** One round of a bridge: leases, reads a page, commits. Returns the types of the events. */
const deliver = async (holder = 'bridge-1') => {
  const { body: leased } = await shop.post(consumer('/lease'), { holder })
  const types = leased.types === undefined ? {} : { types: leased.types.join() }
  const page = await feed({ after: leased.cursor, ...types })
  const committed = await shop.post(consumer('/commit'), {
    lease: leased.lease.token,
    cursor: page.headers.get('next-cursor'),
  })
  expect(committed.status).toBe(200)
  return page.body.map(({ type }: { type: string }) => type)
}

describe('a named consumer', () => {
  it('is delivered what comes, of its types, and shows where it is', async () => {
    const made = await put({ start: { at: 'now' }, types: ['OrderConfirmed', 'OrderSettled'] })
    expect(made).toMatchObject({ status: 201, body: { name: 'ledger', health: 'healthy', failures: 0 } })
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    await shop.settled(orderId)
    const { body: behind } = await shop.call(consumer())
    expect(behind.lag.events).toBe((await eventsOf(orderId)).length)
    expect(await deliver()).toEqual(['OrderConfirmed', 'OrderSettled'])
    const { body: listed } = await shop.call('/feed/consumers')
    expect(listed.items).toMatchObject([
      { name: 'ledger', lag: { events: 0, seconds: 0 }, lease: { holder: 'bridge-1' } },
    ])
    expect(JSON.stringify(listed)).not.toContain('token')
  })

  it('G12: a consumer is committed by the last holder alone', async () => {
    const { body: first } = await shop.post(consumer('/lease'), { holder: 'bridge-1' })
    const taken = shop.post(consumer('/lease'), { holder: 'bridge-2' })
    expect(await shop.problem(taken)).toMatchObject({ status: 409, code: 'consumer_leased' })
    expect(Number((await taken).headers.get('retry-after'))).toBeGreaterThan(0)
    await shop.post(consumer('/lease'), { holder: 'bridge-1' })
    const late = shop.post(consumer('/commit'), { lease: first.lease.token, cursor: first.cursor })
    expect(await shop.problem(late)).toMatchObject({ status: 409, code: 'lease_lost' })
  })

  it('says why it does not get on, and goes on from a time, an order or the start', async () => {
    const { body } = await shop.post(consumer('/lease'), { holder: 'bridge-1' })
    await shop.post(consumer('/commit'), { lease: body.lease.token, error: 'the broker is away' })
    expect((await shop.call(consumer())).body).toMatchObject({
      ...{ health: 'retrying', failures: 1, lastError: { message: 'the broker is away' } },
    })
    await put()
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    await shop.settled(orderId)
    const all = (await readAll()).ids.length
    expect((await shop.post(consumer('/seek'), { at: 'oldest' })).body).toMatchObject({ health: 'healthy' })
    expect(await deliver()).toHaveLength(all)
    await shop.post(consumer('/seek'), { orderId })
    expect((await deliver()).length).toBeGreaterThanOrEqual((await eventsOf(orderId)).length)
    await shop.post(consumer('/seek'), { time: new Date().toISOString() })
    expect(await shop.problem(shop.post(consumer('/seek'), { orderId: 'none' }))).toMatchObject({
      status: 404,
    })
    expect(await shop.problem(shop.post(consumer('/seek'), {}))).toMatchObject({ status: 422 })
  })

  it('sends a test event, pauses, and is blocked once the feed is off', async () => {
    await deliver()
    const tested = await shop.post(consumer('/test'))
    expect(tested).toMatchObject({ status: 202, body: { eventId: expect.stringMatching(/FeedTested$/) } })
    expect(await deliver()).toEqual(['FeedTested'])
    expect((await shop.post(consumer('/pause'))).body.health).toBe('paused')
    expect(await shop.problem(shop.post(consumer('/lease')))).toMatchObject({
      ...{ status: 409, code: 'consumer_paused' },
    })
    expect((await shop.post(consumer('/resume'))).body.health).toBe('healthy')
    await shop.call('/feed', { method: 'DELETE' })
    expect((await shop.call(consumer())).body).toMatchObject({
      ...{ health: 'blocked', blocked: expect.stringContaining('Seek') },
    })
    expect((await shop.call('/metrics')).body).toContain(
      'edge_orders_feed_consumer_blocked{consumer="ledger",feed="orders"} 1\n',
    )
    await shop.post(consumer('/seek'), { at: 'oldest' })
    expect((await shop.call(consumer())).body.health).toBe('healthy')
    expect((await shop.call(consumer(), { method: 'DELETE' })).status).toBe(204)
    expect(await shop.problem(shop.call(consumer()))).toMatchObject({
      ...{ status: 404, code: 'consumer_not_found' },
    })
  })
})

describe('a named consumer of the products', () => {
  const path = (call = '') => `/feed/consumers/stock${call}`
  const putStock = (body: object) => shop.call(path(), { method: 'PUT', body })

  /** One round of a bridge. Returns the subjects of the events. */
  const deliverProducts = async () => {
    const { body: leased } = await shop.post(path('/lease'), { holder: 'bridge-1' })
    expect(leased.feed).toBe('products')
    const page = await products({ after: leased.cursor })
    const cursor = page.headers.get('next-cursor')
    const committed = await shop.post(path('/commit'), { lease: leased.lease.token, cursor })
    expect(committed.status).toBe(200)
    return page.body.map(({ type, subject }: { type: string; subject: string }) =>
      type === 'ProductState' ? subject : type,
    )
  }

  it('is delivered all products, then what changes, and shows how far it is', async () => {
    expect(await putStock({ feed: 'products' })).toMatchObject({
      ...{ status: 201, body: { name: 'stock', feed: 'products', health: 'healthy' } },
    })
    expect((await deliverProducts()).toSorted()).toEqual(['P001', 'P002'])
    await shop.post('/inventory/P002/adjustments', { delta: 1 })
    expect((await shop.call(path())).body.lag.events).toBe(1)
    await shop.post(path('/test'))
    expect(await deliverProducts()).toEqual(['FeedTested'])
    expect(await deliverProducts()).toEqual(['P002'])
    const { body: listed } = await shop.call('/feed/consumers')
    expect(listed.items).toMatchObject([{ name: 'stock', feed: 'products', lag: { events: 0, seconds: 0 } }])
  })

  it('keeps its feed, and refuses what only the orders have', async () => {
    expect(await shop.problem(putStock({ feed: 'orders' }))).toMatchObject({
      ...{ status: 409, code: 'consumer_of_other_feed' },
    })
    expect((await putStock({})).body).toMatchObject({ feed: 'products' })
    const refused = (body: object) => shop.problem(putStock(body))
    expect(await refused({ types: ['OrderPlaced'] })).toMatchObject({ status: 422, paths: ['/types'] })
    const other = shop.call('/feed/consumers/other', {
      ...{ method: 'PUT', body: { feed: 'products', start: { time: '2026-11-23T12:00:00Z' } } },
    })
    expect(await shop.problem(other)).toMatchObject({ status: 422, paths: ['/start/time'] })
    expect(await shop.problem(shop.post(path('/seek'), { orderId: 'none' }))).toMatchObject({
      ...{ status: 422, paths: ['/orderId'] },
    })
    const { body: leased } = await shop.post(path('/lease'), { holder: 'bridge-1' })
    const ofOrders = (await feed({})).headers.get('next-cursor')
    const commit = shop.post(path('/commit'), { lease: leased.lease.token, cursor: ofOrders })
    expect(await shop.problem(commit)).toMatchObject({ status: 422, code: 'feed_cursor_refused' })
  })

  it('is blocked once its feed is off, and begins with all products after a seek', async () => {
    await shop.call('/feed/products', { method: 'DELETE' })
    expect((await shop.call(path())).body).toMatchObject({
      ...{ health: 'blocked', blocked: expect.stringContaining('Seek to the oldest') },
    })
    expect((await shop.post(path('/seek'), { at: 'oldest' })).body).toMatchObject({ health: 'healthy' })
    expect((await deliverProducts()).toSorted()).toEqual(['P001', 'P002'])
    expect((await shop.call(path(), { method: 'DELETE' })).status).toBe(204)
  })
})
