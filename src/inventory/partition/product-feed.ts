import { refusal, success } from '../../kernel/result.ts'
import { createFeedSwitch } from '../../messaging/feed-switch.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import {
  type ProductFeedPage,
  type ProductFeedReply,
  type ProductFeedRequest,
  type ProductPlace,
  productEvent,
} from '../product-feed.ts'
import { lastProductPosition, loadProductsAfterPosition, storeProductEpoch } from './product-feed-store.ts'
import { loadProductsAfter } from './stock-store.ts'

/**
 * The product feed of one partition. A row that changes takes the next position. So it moves to the end, and a reader gets
 * its newest version.
 */
export const createProductFeed = (host: PartitionHost) => {
  const { sql } = host
  const feedSwitch = createFeedSwitch({
    host,
    lastPosition: lastProductPosition,
    storeEpoch: storeProductEpoch,
  })

  const begin = (newEpoch: string): ProductPlace => {
    const epoch = feedSwitch.switchOn(newEpoch)
    return { part: 'stored', epoch, began: lastProductPosition(sql), after: '' }
  }

  return {
    takePosition: feedSwitch.nextPosition,

    /** The products after a place. The first read switches the feed on. */
    read: ({ place, limit, newEpoch }: ProductFeedRequest): ProductFeedReply =>
      host.turn(() => {
        if (place !== undefined && !feedSwitch.isKnown(place)) return refusal('place_unknown')
        return success(readPage(sql, place ?? begin(newEpoch), limit))
      }),

    untilNew: feedSwitch.untilNew,
    switchOff: feedSwitch.switchOff,
  }
}

export type ProductFeed = ReturnType<typeof createProductFeed>

const readPage = (sql: Sql, place: ProductPlace, limit: number): ProductFeedPage =>
  place.part === 'stored' ? readStored(sql, place, limit) : readNew(sql, place, limit)

const readStored = (sql: Sql, place: ProductPlace & { part: 'stored' }, limit: number): ProductFeedPage => {
  const rows = loadProductsAfter(sql, place.after, limit)
  const events = rows.map(productEvent)
  const last = rows.at(-1)
  if (last !== undefined && rows.length === limit)
    return { events, place: { ...place, after: last.productId }, hasMore: true }
  const { epoch, began } = place
  return { events, place: { part: 'new', epoch, read: began }, hasMore: lastProductPosition(sql) > began }
}

const readNew = (sql: Sql, place: ProductPlace & { part: 'new' }, limit: number): ProductFeedPage => {
  const found = loadProductsAfterPosition(sql, place.read, limit)
  const read = found.at(-1)?.position ?? place.read
  return {
    events: found.map(({ row }) => productEvent(row)),
    place: { ...place, read },
    hasMore: found.length === limit,
  }
}
