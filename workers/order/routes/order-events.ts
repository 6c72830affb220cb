import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { stream } from 'hono/streaming'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { getOrderEvents } from '../../../src/contracts/http/orders.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { FollowRequest, News } from '../following.ts'
import { readerOf } from '../holder.ts'
import { streamEvents } from '../live-stream.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** What happened to an order: as a list, or live for who would rather have `text/event-stream`. */
export const orderEventRoutes = (log: Log) => {
  const app = createApp<OrderRoutesEnv>(log)

  app.openapi(getOrderEvents.route, async (c) => {
    const { orderId } = c.req.valid('param')
    c.header('vary', 'accept', { append: true })
    const isLive = wantsStream(c)
    const after = isLive ? c.req.header('last-event-id') : undefined
    const request = { orderId, reader: readerOf(c), after, withinMs: 0 }
    const news = await follow(c, request)
    if (news === undefined) {
      return problem(c, 'order_not_found', { detail: `There is no order ${orderId}.` }) as never
    }
    if (!isLive) return c.json({ events: news.events }, 200) as never
    // The one answer after which an `EventSource` does not come again: there is nothing left to tell.
    if (after && news.isSettled && news.events.length === 0) return c.body(null, 204) as never
    return live(c, request, news) as never
  })

  return app
}

/** The body of a HEAD request is never read, and a stream that nobody reads never ends. */
const wantsStream = (c: Context): boolean =>
  c.req.method === 'GET' &&
  accepts(c, {
    header: 'Accept',
    supports: ['application/json', 'text/event-stream'],
    default: 'application/json',
  }) === 'text/event-stream'

/** Asks anew for the partition each time: the connection to one that restarted is of no use any more. */
const follow = async (c: Context<OrderRoutesEnv>, request: FollowRequest): Promise<News | undefined> =>
  (await c.var.orders.partitionOf(request.orderId)?.follow(request)) as News | undefined

const live = (c: Context<OrderRoutesEnv>, request: FollowRequest, news: News): Response => {
  c.header('content-type', 'text/event-stream; charset=utf-8')
  c.header('cache-control', 'no-store')
  c.header('x-accel-buffering', 'no')
  return stream(c, (out) =>
    streamEvents({
      news,
      after: request.after,
      follow: (after, withinMs) => follow(c, { ...request, after, withinMs }),
      write: (text) => out.write(text),
      isOpen: () => !out.aborted && !out.closed,
      now: Date.now,
      pause: (ms) => out.sleep(ms),
    }),
  )
}
