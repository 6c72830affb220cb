import type { Context } from 'hono'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { faultyProblem, problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newEpoch } from '../../../src/cloudflare/new-epoch.ts'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import type { FeedConsumerView, FeedStartBody } from '../../../src/contracts/http/feed-consumer-schemas.ts'
import * as calls from '../../../src/contracts/http/feed-consumers.ts'
import { commitFeedConsumer, leaseFeedConsumer } from '../../../src/contracts/http/feed-leases.ts'
import { timeDigits } from '../../../src/kernel/ids.ts'
import {
  fromTimestamp,
  type Instant,
  MINUTE_MS,
  SECOND_MS,
  toTimestamp,
} from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { refusal, success } from '../../../src/kernel/result.ts'
import { feedTested } from '../../../src/messaging/feed-tested.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { cursorAt } from '../../../src/order/consumer-lag.ts'
import { viewConsumer, viewLease } from '../../../src/order/consumer-view.ts'
import type { FeedStart } from '../../../src/order/feed.ts'
import type { FeedConsumer, FeedName, LeaseRefused } from '../../../src/order/feed-consumer.ts'
import type { Adjustment, PutRefused } from '../../../src/order/partition/feed-consumers.ts'
import { lagsOf } from '../edge/consumer-lags.ts'
import { ambiguous } from '../edge/order-id-resolution.ts'
import { productCursorAt } from '../edge/product-consumers.ts'
import { cursorRefused } from '../feed-cursor-problem.ts'
import type { OrderRoutesEnv } from '../variables.ts'

type ConsumerContext = Context<OrderRoutesEnv>

/** Named consumers of the feeds: readers whose cursor is kept in the first order partition. */
export const feedConsumerRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, calls.putFeedConsumer, async (c) => {
    const { name } = c.req.valid('param')
    const { feed: wanted, types, start = { at: 'oldest' } } = c.req.valid('json')
    const existing = await find(c, name)
    const feed = wanted ?? existing?.feed ?? 'orders'
    if (feed === 'products' && types !== undefined) return notOfProducts(c, '/types')
    const place = { feed, start, path: '/start' }
    const begins = existing === undefined ? await startAt(c, place, log) : success(existing.cursor)
    if (!begins.ok) return begins.reason
    const { feedConsumers } = c.var.orderPartitions
    const put = await feedConsumers.put({ name, feed, types, cursor: begins.value })
    if (!put.ok) return notPut(c, put.reason)
    return c.json(await viewOf(c, put.value), existing === undefined ? 201 : 200)
  })

  serve(app, calls.listFeedConsumers, async (c) => {
    const consumers = await c.var.orderPartitions.feedConsumers.list()
    return c.json({ items: await viewAll(c, consumers) }, 200)
  })

  serve(app, calls.getFeedConsumer, async (c) => {
    const consumer = await find(c, c.req.valid('param').name)
    return consumer === undefined ? notFound(c) : c.json(await viewOf(c, consumer), 200)
  })

  serve(app, calls.removeFeedConsumer, async (c) => {
    await c.var.orderPartitions.feedConsumers.remove(c.req.valid('param').name)
    return c.body(null, 204)
  })

  serve(app, leaseFeedConsumer, async (c) => {
    const { lease: token, ...wanted } = c.req.valid('json')
    const request = { ...wanted, token, newToken: newUlid() }
    const leased = await c.var.orderPartitions.feedConsumers.lease(c.req.valid('param').name, request)
    if (leased.ok) return c.json(viewLease(leased.value), 200)
    return leased.reason.code === 'not_found' ? notFound(c) : notLeased(c, leased.reason)
  })

  serve(app, commitFeedConsumer, async (c) => {
    const { lease: token, cursor, error = '' } = c.req.valid('json')
    const request = { token, ...(cursor === undefined ? { message: error } : { cursor }) }
    const committed = await c.var.orderPartitions.feedConsumers.commit(c.req.valid('param').name, request)
    if (committed.ok) return c.json(viewLease(committed.value), 200)
    switch (committed.reason.code) {
      case 'not_found':
        return notFound(c)
      case 'lease_lost':
        return leaseLost(c)
      default:
        return cursorRefused(c, '/cursor')
    }
  })

  serve(app, calls.seekFeedConsumer, async (c) => {
    const { name } = c.req.valid('param')
    const feed = (await find(c, name))?.feed
    if (feed === undefined) return notFound(c)
    const begins = await startAt(c, { feed, start: c.req.valid('json'), path: '' }, log)
    if (!begins.ok) return begins.reason
    const consumer = await adjust(c, name, { kind: 'seek', feed, cursor: begins.value })
    return consumer === undefined ? notFound(c) : c.json(await viewOf(c, consumer), 200)
  })

  serve(app, calls.pauseFeedConsumer, async (c) => {
    const consumer = await adjust(c, c.req.valid('param').name, { kind: 'pause' })
    return consumer === undefined ? notFound(c) : c.json(await viewOf(c, consumer), 200)
  })

  serve(app, calls.resumeFeedConsumer, async (c) => {
    const consumer = await adjust(c, c.req.valid('param').name, { kind: 'resume' })
    return consumer === undefined ? notFound(c) : c.json(await viewOf(c, consumer), 200)
  })

  serve(app, calls.testFeedConsumer, async (c) => {
    const testId = newUlid()
    const consumer = await adjust(c, c.req.valid('param').name, { kind: 'test', testId })
    return consumer === undefined ? notFound(c) : c.json({ eventId: feedTested(testId).id }, 202)
  })

  return app
}

const find = async (c: ConsumerContext, name: string): Promise<FeedConsumer | undefined> =>
  (await c.var.orderPartitions.feedConsumers.list()).find((consumer) => consumer.name === name)

const adjust = async (
  c: ConsumerContext,
  name: string,
  adjustment: Adjustment,
): Promise<FeedConsumer | undefined> => {
  const adjusted = await c.var.orderPartitions.feedConsumers.adjust(name, adjustment)
  return adjusted.ok ? adjusted.value : undefined
}

/** Where a consumer of a feed is to begin. `path` leads to the start in the body. */
type Wanted = { feed: FeedName; start: FeedStartBody; path: string }

/** The cursor of a consumer that begins there. */
const startAt = async (c: ConsumerContext, { feed, start, path }: Wanted, log: Log) => {
  const { at, time, orderId } = start
  if (feed === 'products') {
    if (at === undefined)
      return refusal(notOfProducts(c, `${path}/${time === undefined ? 'orderId' : 'time'}`))
    return await startOfProducts(c, at, log)
  }
  if (at !== undefined) return success(await cursorFor(c, () => at))
  if (time !== undefined) return success(await cursorFor(c, since(fromTimestamp(time))))
  const placedAt = await placedAtOf(c, orderId ?? '')
  return placedAt.ok ? success(await cursorFor(c, since(placedAt.value))) : placedAt
}

/** A consumer stays where it is until inventory says where its new place is. */
const startOfProducts = async (c: ConsumerContext, at: 'oldest' | 'now', log: Log) => {
  try {
    return success(await productCursorAt(c.env, at))
  } catch (error) {
    log('error', 'inventory gives no place in the product feed', {
      ...{ traceId: c.var.traceId, error: String(error) },
    })
    return refusal(
      problem(c, 'unavailable', {
        detail: 'The inventory service does not answer, and only it knows its feed. Nothing was changed.',
        headers: { 'retry-after': '5' },
      }),
    )
  }
}

/** The feed of products has one type, and of each product the newest version alone. */
const notOfProducts = (c: Context, path: string) =>
  faultyProblem(c, 'validation_failed', [
    {
      path,
      message: path.endsWith('types')
        ? 'is for consumers of the orders: the feed of products has one type'
        : 'is for consumers of the orders: the feed of products has each product in its newest version, so it has no places but `at`: `oldest` and `now`',
    },
  ])

const notPut = (c: Context, refused: PutRefused) =>
  refused === 'too_many'
    ? problem(c, 'consumer_limit_reached', { detail: 'Remove one that is not used.' })
    : problem(c, 'consumer_of_other_feed', {
        detail: 'The feed of a consumer never changes. Choose another name, or remove the consumer first.',
      })

const cursorFor = async (c: ConsumerContext, start: (label: string) => FeedStart): Promise<string> =>
  await cursorAt(c.var.orderPartitions.feed, start, newEpoch())

/** An order's id is made before its partition stores it, on another clock. */
const SEEK_MARGIN_MS = MINUTE_MS

const since =
  (time: Instant) =>
  (label: string): FeedStart => ({ since: newOrderId(label, timeDigits(Math.max(0, time - SEEK_MARGIN_MS))) })

const placedAtOf = async (c: ConsumerContext, id: string) => {
  const { orderPartitions, caller } = c.var
  const { orderId, clients } = await orderPartitions.find(id, undefined)
  if (clients.length > 1) return refusal(ambiguous(c, id, clients))
  const order = await orderPartitions.of(orderId)?.get(orderId, caller)
  if (order === undefined) return refusal(problem(c, 'order_not_found'))
  return success(fromTimestamp(order.placedAt))
}

const viewOf = async (c: ConsumerContext, consumer: FeedConsumer): Promise<FeedConsumerView> => {
  const [view] = await viewAll(c, [consumer])
  if (view === undefined) throw new Error('Broken invariant: a consumer has no view')
  return view
}

const viewAll = async (c: ConsumerContext, consumers: readonly FeedConsumer[]) => {
  const lags = await lagsOf(c.env, c.var.orderPartitions, consumers)
  return consumers.map((consumer, index) => viewConsumer(consumer, lags[index]))
}

const notFound = (c: Context) => problem(c, 'consumer_not_found')

const leaseLost = (c: Context) =>
  problem(c, 'lease_lost', { detail: 'Lease the consumer again, and read on from the cursor of that lease.' })

const notLeased = (c: Context, refused: LeaseRefused) => {
  if (refused.code === 'paused') {
    return problem(c, 'consumer_paused', { detail: 'Resume it before you lease it.' })
  }
  if (refused.code !== 'leased') return leaseLost(c)
  const seconds = Math.ceil((refused.expiresAt - Date.now()) / SECOND_MS)
  return problem(c, 'consumer_leased', {
    detail: `${refused.holder ?? 'Another holder'} has the lease until ${toTimestamp(refused.expiresAt)}, if it does not renew it.`,
    headers: { 'retry-after': String(Math.max(1, seconds)) },
  })
}
