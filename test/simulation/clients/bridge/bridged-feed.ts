import type { FeedEvent } from '../../../../src/bridge/outgoing-message.ts'
import * as products from '../../../../src/inventory/product-consumers.ts'
import { decodeProductCursor, encodeProductCursor } from '../../../../src/inventory/product-feed.ts'
import { readPages } from '../../../../src/messaging/feed-reader.ts'
import * as orders from '../../../../src/order/consumer-lag.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../../src/order/feed-cursor.ts'
import { readFeed } from '../../../../src/order/feed-reader.ts'
import type { System } from '../../system/system.ts'

type Partitions = ReturnType<System['partitionsFor']>

type Wanted = { cursor: string; limit: number; types: readonly string[] | undefined; newEpoch: string }

/** A feed, as the Workers in front of the partitions serve it to a bridge. */
type BridgedFeed = {
  /** The cursor of a consumer that begins with all that is kept. */
  oldest(partitions: Partitions, newEpoch: string): Promise<string>
  /** A page, and the cursor after it; undefined where the cursor is refused. */
  read(
    partitions: Partitions,
    wanted: Wanted,
    wait?: () => Promise<void>,
  ): Promise<{ events: FeedEvent[]; next: string } | undefined>
}

export const BRIDGED_FEEDS: Record<'orders' | 'products', BridgedFeed> = {
  orders: {
    oldest: ({ orders: { feed } }, newEpoch) => orders.cursorAt(feed, () => 'oldest', newEpoch),
    read: async ({ orders: { feed } }, { cursor: text, ...wanted }, wait) => {
      const cursor = decodeFeedCursor(text)
      const page = cursor && (await readFeed(feed, { cursor, ...wanted }, wait))
      return page?.ok ? { events: page.value.events, next: encodeFeedCursor(page.value.cursor) } : undefined
    },
  },
  products: {
    oldest: ({ stock: { feed } }, newEpoch) => products.cursorAt(feed, 'oldest', newEpoch),
    read: async ({ stock: { feed } }, { cursor: text, ...wanted }, wait) => {
      const cursor = decodeProductCursor(text)
      const page = cursor && (await readPages(feed, { cursor, ...wanted }, wait))
      return page?.ok
        ? { events: page.value.events, next: encodeProductCursor(page.value.cursor) }
        : undefined
    },
  },
}
