import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { feedPage, malformedFeedCursor } from '../../../src/cloudflare/http/feed-page.ts'
import { faultyProblem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newEpoch } from '../../../src/cloudflare/new-epoch.ts'
import { readProductFeed, switchProductFeedOff } from '../../../src/contracts/http/product-feed.ts'
import { decodeProductCursor, encodeProductCursor } from '../../../src/inventory/product-feed.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { readPages } from '../../../src/messaging/feed-reader.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { InventoryRoutesEnv } from '../variables.ts'

/** The newest version of each product, for readers that keep a cursor. */
export const productFeedRoutes = (log: Log) => {
  const app = createApp<InventoryRoutesEnv>(log)

  serve(app, readProductFeed, async (c) => {
    const { after, limit, wait } = c.req.valid('query')
    const cursor = after === undefined ? undefined : decodeProductCursor(after)
    if (after !== undefined && cursor === undefined) return malformedFeedCursor(c)
    const waiting = (untilNew: (withinMs: number) => Promise<void>) => untilNew(wait * SECOND_MS)
    const read = await readPages(
      c.var.stockPartitions.feed,
      { cursor, limit, newEpoch: newEpoch() },
      wait === 0 ? undefined : waiting,
    )
    if (!read.ok) return refused(c)
    const { events, cursor: next } = read.value
    return feedPage(c, readProductFeed, { events, cursor: encodeProductCursor(next) })
  })

  serve(app, switchProductFeedOff, async (c) => {
    const { labels, switchOff } = c.var.stockPartitions.feed
    await Promise.all(labels.map(switchOff))
    return c.body(null, 204)
  })

  return app
}

const refused = (c: Context) =>
  faultyProblem(c, 'feed_cursor_refused', [
    {
      path: '/after',
      message:
        'is of another deployment, or from before the feed was switched off: leave it out to begin with all products',
    },
  ])
