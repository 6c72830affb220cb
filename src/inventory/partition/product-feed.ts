import { refusal, success } from '../../kernel/result.ts'
import { createChangeWaits } from '../../messaging/change-waits.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import {
  type ProductFeedPage,
  type ProductFeedReply,
  type ProductFeedRequest,
  type ProductPlace,
  productEvent,
} from '../product-feed.ts'
import {
  deleteProductEpoch,
  lastProductPosition,
  loadProductEpoch,
  loadProductsAfterPosition,
  storeProductEpoch,
} from './product-feed-store.ts'
import { loadProductsAfter } from './stock-store.ts'

/** Readers that wait in a partition. A further one ends the wait that began first, whose reader asks again. */
const WAITS_MAX = 64
/** All wait for the same thing. */
const WAIT = {
  ...{ orderId: '', bearer: '' },
  limits: { total: WAITS_MAX, perBearer: WAITS_MAX, perOrder: WAITS_MAX },
}

/**
 * The product feed of one partition. There is no log: while the feed is on, a row takes the partition's next position in
 * the commit that changes it. So it moves to the end, and a reader gets its newest version.
 */
export const createProductFeed = (host: PartitionHost) => {
  const { sql } = host
  const waits = createChangeWaits(host)
  let epoch = loadProductEpoch(sql)

  const switchTo = (next: string | undefined): void => {
    if (next === undefined) deleteProductEpoch(sql)
    else storeProductEpoch(sql, next)
    host.afterTurn(() => {
      epoch = next
      waits.notify(WAIT.orderId)
    })
  }

  const begin = (newEpoch: string): ProductPlace => {
    if (epoch === undefined) switchTo(newEpoch)
    return { part: 'stored', epoch: epoch ?? newEpoch, began: lastProductPosition(sql), after: '' }
  }

  /** A place ahead of the partition is of a database that was restored since. */
  const isKnown = (place: ProductPlace): boolean =>
    place.epoch === epoch && (place.part === 'new' ? place.read : place.began) <= lastProductPosition(sql)

  return {
    /** In a turn: the position of a row that changes now; undefined while the feed is off. */
    takePosition: (): number | undefined => {
      if (epoch === undefined) return undefined
      host.afterTurn(() => waits.notify(WAIT.orderId))
      return lastProductPosition(sql) + 1
    },

    /** The products after a place. The first read switches the feed on. */
    read: ({ place, limit, newEpoch }: ProductFeedRequest): ProductFeedReply =>
      host.turn(() => {
        if (place !== undefined && !isKnown(place)) return refusal('place_unknown')
        return success(readPage(sql, place ?? begin(newEpoch), limit))
      }),

    /** Resolves once there may be something after this place, or when the time is up. */
    untilNew: async (place: ProductPlace, withinMs: number): Promise<void> => {
      const isCaughtUp = place.part === 'new' && isKnown(place) && lastProductPosition(sql) === place.read
      if (isCaughtUp) await waits.nextChange(WAIT, withinMs)
    },

    /** From now on rows take no positions, and every place is unknown. Returns whether the feed was on. */
    switchOff: (): boolean =>
      host.turn(() => {
        const wasOn = epoch !== undefined
        if (wasOn) switchTo(undefined)
        return wasOn
      }),
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
