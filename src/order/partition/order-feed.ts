import { refusal, success } from '../../kernel/result.ts'
import { createChangeWaits } from '../../messaging/change-waits.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { FeedLagReply, FeedPlace, FeedRefusal, FeedReply, FeedRequest, FeedStart } from '../feed.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { loadDeparted } from './departure-store.ts'
import { measureLag } from './feed-lag.ts'
import { readPage } from './feed-pages.ts'
import { positionBefore } from './feed-start.ts'
import { deleteFeedEpoch, loadFeedEpoch, storeFeedEpoch } from './feed-store.ts'
import { lastPosition } from './order-store.ts'
import type { TakePositions } from './order-writes.ts'

/** Readers that wait in a partition. A further one ends the wait that began first, whose reader asks again. */
const FEED_WAITS_MAX = 64
const FEED_WAITS = { total: FEED_WAITS_MAX, perBearer: FEED_WAITS_MAX, perOrder: FEED_WAITS_MAX }
/** All wait for the same thing. */
const FEED_WAIT = { orderId: '', bearer: '', limits: FEED_WAITS }

/**
 * The order feed of one partition. There is no log: while the feed is on, each new fact takes the partition's next
 * position in the commit that stores it, and the row is found by the position of its last fact. So a row moves back in
 * the feed with each change, and takes along the facts that a reader does not have yet.
 */
export const createOrderFeed = (host: PartitionHost) => {
  const { sql } = host
  const waits = createChangeWaits(host)
  let epoch = loadFeedEpoch(sql)

  const switchTo = (next: string | undefined): void => {
    if (next === undefined) deleteFeedEpoch(sql)
    else storeFeedEpoch(sql, next, lastPosition(sql))
    host.afterTurn(() => {
      epoch = next
      waits.notify(FEED_WAIT.orderId)
    })
  }

  const begin = (newEpoch: string, start: FeedStart): FeedPlace => {
    const known = positionOf(start)
    if (epoch === undefined) switchTo(newEpoch)
    const inEpoch = { epoch: epoch ?? newEpoch }
    if (known !== undefined) return { part: 'new', ...inEpoch, known, read: known, within: 0 }
    return { part: 'stored', ...inEpoch, began: lastPosition(sql), orderId: '', facts: 0 }
  }

  /** The position after which a reader begins; undefined where it begins with the first order. */
  const positionOf = (start: FeedStart): number | undefined => {
    if (start === 'oldest') return undefined
    return start === 'now' ? lastPosition(sql) : positionBefore(sql, start.since)
  }

  /** A place ahead of the partition is of a database that was restored since. */
  const isKnown = (place: FeedPlace): boolean =>
    place.epoch === epoch && (place.part === 'new' ? place.read : place.began) <= lastPosition(sql)

  /** Whether orders have left that a reader at this place did not have. One that has read nothing misses nothing. */
  const misses = (place: FeedPlace): boolean => {
    const { position, leftAt, lastId } = loadDeparted(sql)
    if (place.part === 'new') return place.read < position
    return place.orderId !== '' && place.began < leftAt && place.orderId < lastId
  }

  const refuse = (place: FeedPlace | undefined): FeedRefusal | undefined => {
    if (place === undefined) return undefined
    if (!isKnown(place)) return 'place_unknown'
    return misses(place) ? 'orders_left' : undefined
  }

  const takePositions: TakePositions = ({ order, storedFacts, positions }) => {
    const isNew = order.history.length > storedFacts
    if (epoch === undefined || !isNew || isUnknownOrder(order)) return undefined
    const next = lastPosition(sql) + 1
    host.afterTurn(() => waits.notify(FEED_WAIT.orderId))
    return order.history.map((_, index) =>
      index < storedFacts ? (positions[index] ?? 0) : next + index - storedFacts,
    )
  }

  return {
    takePositions,

    /** Whether a reader at this place can go on. */
    isReadable: (place: FeedPlace): boolean => refuse(place) === undefined,

    /** The events after a place. The first read switches the feed on. */
    read: ({ place, limit, newEpoch }: FeedRequest): FeedReply =>
      host.turn(() => {
        const refused = refuse(place)
        if (refused !== undefined) return refusal(refused)
        return success(readPage(sql, place ?? begin(newEpoch, 'oldest'), limit))
      }),

    /** The place of a reader that begins there. Switches the feed on. */
    placeAt: (start: FeedStart, newEpoch: string): FeedPlace => host.turn(() => begin(newEpoch, start)),

    /** What a reader at each of these places does not have yet. */
    lagsOf: (places: readonly (FeedPlace | undefined)[]): FeedLagReply[] =>
      places.map((place) => {
        const refused = refuse(place)
        return refused === undefined ? success(measureLag(sql, place)) : refusal(refused)
      }),

    /** Resolves once there may be something after this place, or when the time is up. */
    untilNew: async (place: FeedPlace, withinMs: number): Promise<void> => {
      const isCaughtUp = place.part === 'new' && isKnown(place) && lastPosition(sql) === place.read
      if (isCaughtUp) await waits.nextChange(FEED_WAIT, withinMs)
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

export type OrderFeed = ReturnType<typeof createOrderFeed>
