import type { ProductStart } from '../../contracts/product-consumers.ts'
import { refusal, success } from '../../kernel/result.ts'
import { createFeedSwitch } from '../../messaging/feed-switch.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import {
  type ProductFeedPage,
  type ProductFeedReply,
  type ProductFeedRequest,
  type ProductLagReply,
  type ProductPlace,
  productEvent,
} from '../product-feed.ts'
import { lastProductPosition, loadProductsAfterPosition, storeProductEpoch } from './product-feed-store.ts'
import { measureProductLag } from './product-lag.ts'
import { loadProductsAfter, type StoredPosition } from './stock-store.ts'

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

  const begin = (newEpoch: string, start: ProductStart): ProductPlace => {
    const epoch = feedSwitch.switchOn(newEpoch)
    const last = lastProductPosition(sql)
    return start === 'now'
      ? { part: 'new', epoch, read: last }
      : { part: 'stored', epoch, began: last, after: '' }
  }

  return {
    /** In a turn: the position of a row that changes now; undefined while the feed is off. */
    takePosition: (): StoredPosition | undefined => {
      const position = feedSwitch.nextPosition()
      return position === undefined ? undefined : { position, takenAt: host.now() }
    },

    /** The products after a place. The first read switches the feed on. */
    read: ({ place, limit, newEpoch }: ProductFeedRequest): ProductFeedReply =>
      host.turn(() => {
        if (place !== undefined && !feedSwitch.isKnown(place)) return refusal('place_unknown')
        return success(readPage(sql, place ?? begin(newEpoch, 'oldest'), limit))
      }),

    /** The place of a reader that begins there. Switches the feed on. */
    placeAt: (start: ProductStart, newEpoch: string): ProductPlace => host.turn(() => begin(newEpoch, start)),

    /** What a reader at each of these places does not have yet. */
    lagsOf: (places: readonly (ProductPlace | undefined)[]): ProductLagReply[] =>
      places.map((place) =>
        place === undefined || feedSwitch.isKnown(place)
          ? success(measureProductLag(sql, place))
          : refusal('place_unknown'),
      ),

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
