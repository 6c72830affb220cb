import { afterAll, beforeAll, expect, it } from 'vitest'
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
