import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { feedClient } from '../../scripts/bridge/api.ts'
import { startBridge } from '../support/bridge/bridge-process.ts'
import { sqsQueues, startSqs } from '../support/bridge/sqs-queues.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

/*
 * Two deployments that look alike: their partitions have the same names, and they sold the same products. What a reader
 * of one brings to the other is refused, because it would leave events out.
 */

type Deployment = { system: System; shop: ReturnType<typeof openShop>; orderId: string }

const KEY = 'test-admin-key'

const deploy = async (): Promise<Deployment> => {
  const system = await startSystem()
  const shop = openShop(system)
  await shop.stock('P001', 100)
  const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
  await shop.settled(orderId)
  return { system, shop, orderId }
}

let ours: Deployment
let theirs: Deployment

beforeAll(async () => {
  ;[ours, theirs] = await Promise.all([deploy(), deploy()])
}, 120_000)

afterAll(async () => {
  await Promise.all([ours?.system.close(), theirs?.system.close()])
})

const read = ({ shop }: Deployment, feed: string, after?: string | null) =>
  shop.call(`/feed/${feed}${after ? `?${new URLSearchParams({ after })}` : ''}`)

/** The cursor after the first page, which has something. */
const cursorOf = async (deployment: Deployment, feed: string): Promise<string> => {
  const { body, headers } = await read(deployment, feed)
  expect(body.length).toBeGreaterThan(0)
  return headers.get('next-cursor') ?? ''
}

describe.each([
  ['orders', 'leave it out to begin at the oldest order'],
  ['products', 'leave it out to begin with all products'],
])('GET /feed/%s', (feed, advice) => {
  it.each(['off', 'on'])('refuses it while the feed is %s, and says what to do', async () => {
    const after = await cursorOf(theirs, feed)
    const { status, body } = await read(ours, feed, after)
    expect([status, body.code]).toEqual([422, 'feed_cursor_refused'])
    expect(body.detail).toContain('is of another deployment')
    expect(body.detail).toContain(advice)
    await cursorOf(ours, feed)
    expect((await read(theirs, feed, after)).status).toBe(200)
  })
})

const consumerOf = async ({ shop }: Deployment) => (await shop.call('/feed/consumers/bridge')).body

describe('a consumer', () => {
  beforeAll(async () => {
    for (const { shop } of [ours, theirs])
      await shop.call('/feed/consumers/bridge', { method: 'PUT', body: {} })
  })

  it('is not moved to it by a commit', async () => {
    const { lease } = (await ours.shop.post('/feed/consumers/bridge/lease', { holder: 'host-1' })).body
    const before = await consumerOf(ours)
    const committed = ours.shop.post('/feed/consumers/bridge/commit', {
      lease: lease.token,
      cursor: await cursorOf(theirs, 'orders'),
    })
    expect(await ours.shop.problem(committed)).toEqual({
      ...{ status: 422, code: 'feed_cursor_refused', paths: ['/cursor'] },
    })
    expect(await consumerOf(ours)).toMatchObject({ cursor: before.cursor, health: 'healthy' })
  })

  it('is not moved to an order of another deployment by a seek', async () => {
    const before = await consumerOf(ours)
    const sought = ours.shop.post('/feed/consumers/bridge/seek', { orderId: theirs.orderId })
    expect(await ours.shop.problem(sought)).toMatchObject({ status: 404, code: 'order_not_found' })
    expect((await consumerOf(ours)).cursor).toBe(before.cursor)
  })
})

const documentSchema = z.object({ document: z.string() })

const partitionOf = ({ system }: Deployment) => system.storage('order', 'OrderObject', { name: 'orders-0' })

describe('npm run bridge', () => {
  it.each(['orders', 'products'] as const)(
    'goes no further with %s when its address leads to another deployment, and says what to do',
    async (feed) => {
      const clientOf = async ({ system }: Deployment) => {
        const api = { url: await system.address(), key: KEY, signal: new AbortController().signal }
        return feedClient(api, { feed, consumer: `of-${feed}`, holder: 'a' })
      }
      const lease = await (await clientOf(theirs)).lease()
      const elsewhere = await clientOf(ours)
      await elsewhere.lease()
      await expect(elsewhere.read(lease)).rejects.toMatchObject({
        message: expect.stringContaining('422 feed_cursor_refused'),
        advice: expect.stringContaining('Check EDGE_ORDERS_URL'),
      })
      await expect(elsewhere.commit(lease, lease.cursor)).rejects.toThrow(/lease_lost|feed_cursor_refused/)
    },
  )

  it('ends with code 1 when the first partition was restored from another deployment, and publishes nothing', async () => {
    const [stored] = await (await partitionOf(theirs)).exec(
      "SELECT document FROM feed_consumers WHERE name = 'bridge'",
    )
    const { document } = documentSchema.parse(stored)
    await (await partitionOf(ours)).exec(
      "UPDATE feed_consumers SET document = ? WHERE name = 'bridge'",
      document,
    )
    expect(await consumerOf(ours)).toMatchObject({
      health: 'blocked',
      blocked: expect.stringContaining('Seek'),
    })
    const sqs = await startSqs()
    try {
      const queues = await sqsQueues(sqs)
      const to = { EDGE_ORDERS_URL: await ours.system.address(), EDGE_ORDERS_KEY: KEY }
      const bridge = startBridge({
        args: ['sqs', '--out', '--holder', 'a', ...queues.flagsOut],
        environment: { ...queues.environment, ...to },
      })
      expect(await bridge.ended).toEqual([1, null])
      expect(bridge.errors()).toMatch(
        /422 feed_cursor_refused .*another deployment.*\n.*seek with \{"at":"oldest"\}/,
      )
      expect(await queues.published()).toEqual([])
    } finally {
      await sqs.stop()
    }
  })
})
