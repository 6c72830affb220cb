import type { Context } from 'hono'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { feedPage, malformedFeedCursor } from '../../../src/cloudflare/http/feed-page.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newEpoch } from '../../../src/cloudflare/new-epoch.ts'
import { readOrderFeed, switchFeedOff } from '../../../src/contracts/http/feed.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import type { WaitingRoom } from '../../../src/messaging/waiting-room.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../src/order/feed-cursor.ts'
import { readFeed } from '../../../src/order/feed-reader.ts'
import { takeSeat } from '../../../src/order/live-room.ts'
import { limitKeyOf } from '../edge/rate-limits.ts'
import { cursorRefused } from '../feed-cursor-problem.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** The events of all orders, for readers that keep a cursor. */
export const feedRoutes = (room: WaitingRoom) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, readOrderFeed, async (c) => {
    const { after, limit, types, wait } = c.req.valid('query')
    const cursor = after === undefined ? undefined : decodeFeedCursor(after)
    if (after !== undefined && cursor === undefined) return malformedFeedCursor(c)
    const wanted = { cursor, limit, types: types?.split(','), newEpoch: newEpoch() }
    const waiting = wait === 0 ? undefined : waitIn(c, room, wait * SECOND_MS)
    const read = await readFeed(c.var.orderPartitions.feed, wanted, waiting)
    if (!read.ok) return cursorRefused(c, '/after', read.reason)
    const { events, cursor: next } = read.value
    return feedPage(c, readOrderFeed, { events, cursor: encodeFeedCursor(next) })
  })

  serve(app, switchFeedOff, async (c) => {
    const { labels, switchOff } = c.var.orderPartitions.feed
    await Promise.all(labels.map(switchOff))
    return c.body(null, 204)
  })

  return app
}

/** All that wait for the feed wait for the same thing. */
const FEED = 'feed'

/** Waits within the limits of waits. Where another call needs the place, the wait ends early. */
const waitIn =
  (c: Context<OrderRoutesEnv>, room: WaitingRoom, withinMs: number) =>
  async (untilNew: (withinMs: number) => Promise<void>): Promise<void> => {
    if (c.var.placementLimit.sheds('waits')) return
    const seat = takeSeat({ room, bearer: limitKeyOf(c), orderId: FEED, limits: c.var.settings.waits })
    try {
      await Promise.race([seat.shed, untilNew(withinMs)])
    } finally {
      seat.leave()
    }
  }
