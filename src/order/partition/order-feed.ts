import { refusal, success } from '../../kernel/result.ts'
import { createFeedSwitch } from '../../messaging/feed-switch.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { FeedLagReply, FeedPlace, FeedRefusal, FeedReply, FeedRequest, FeedStart } from '../feed.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { loadDeparted } from './departure-store.ts'
import { measureLag } from './feed-lag.ts'
import { readPage } from './feed-pages.ts'
import { positionBefore } from './feed-start.ts'
import { storeFeedEpoch } from './feed-store.ts'
import { lastPosition } from './order-store.ts'
import type { TakePositions } from './order-writes.ts'

/**
 * The order feed of one partition. Each new fact takes a position, and the row is found by the position of its last fact.
 * So a row moves back in the feed with each change, and takes along the facts that a reader does not have yet.
 */
export const createOrderFeed = (host: PartitionHost) => {
  const { sql } = host
  const feedSwitch = createFeedSwitch({ host, lastPosition, storeEpoch: storeFeedEpoch })

  const begin = (newEpoch: string, start: FeedStart): FeedPlace => {
    const known = positionOf(start)
    const epoch = feedSwitch.switchOn(newEpoch)
    if (known !== undefined) return { part: 'new', epoch, known, read: known, within: 0 }
    return { part: 'stored', epoch, began: lastPosition(sql), orderId: '', facts: 0 }
  }

  /** The position after which a reader begins; undefined where it begins with the first order. */
  const positionOf = (start: FeedStart): number | undefined => {
    if (start === 'oldest') return undefined
    return start === 'now' ? lastPosition(sql) : positionBefore(sql, start.since)
  }

  /**
   * Whether orders have left since this reader began that it does not have as a whole. Of the stored orders it has read
   * those up to its place, the last of them perhaps in part, and none of the facts that came after it began.
   */
  const misses = (place: FeedPlace): boolean => {
    const { position, leftAt, lastId } = loadDeparted(sql)
    if (place.part === 'new') return place.read < position
    return place.began < position || (place.began < leftAt && place.orderId <= lastId)
  }

  const refuse = (place: FeedPlace | undefined): FeedRefusal | undefined => {
    if (place === undefined) return undefined
    if (!feedSwitch.isKnown(place)) return 'place_unknown'
    return misses(place) ? 'orders_left' : undefined
  }

  const takePositions: TakePositions = ({ order, storedFacts, positions }) => {
    if (order.history.length <= storedFacts || isUnknownOrder(order)) return undefined
    const next = feedSwitch.nextPosition()
    if (next === undefined) return undefined
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

    untilNew: feedSwitch.untilNew,
    switchOff: feedSwitch.switchOff,
  }
}

export type OrderFeed = ReturnType<typeof createOrderFeed>
