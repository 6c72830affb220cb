import type { PartitionLag } from '../../messaging/feed-lag.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { FeedPlace } from '../feed.ts'
import { countKnown, type PlaceIn } from './feed-pages.ts'
import { countFactsFromId, lastPosition, loadAfterPosition, loadFromId } from './order-store.ts'

/**
 * What a reader of the order feed at this place does not have yet; without a place, a reader that has nothing. Of a reader that is not
 * through with the stored orders, about so many: facts since it began may count twice, and far orders do not count.
 */
export const measureLag = (sql: Sql, place: FeedPlace | undefined): PartitionLag => {
  if (place === undefined) return lagInStored(sql, { orderId: '', facts: 0, began: lastPosition(sql) })
  return place.part === 'stored' ? lagInStored(sql, place) : lagInNew(sql, place)
}

type StoredPlace = Pick<PlaceIn<'stored'>, 'orderId' | 'facts' | 'began'>

const lagInStored = (sql: Sql, { orderId, facts, began }: StoredPlace): PartitionLag => {
  const [first, second] = loadFromId(sql, orderId, 2)
  const isWithin = first?.order.orderId === orderId && first.order.history.length <= facts
  const next = isWithin ? second : first
  const has = next?.order.orderId === orderId ? facts : 0
  const stored = Math.max(0, countFactsFromId(sql, orderId) - facts)
  return { events: stored + lastPosition(sql) - began, oldestAt: next?.order.history[has]?.at }
}

/** Each fact has a position of its own. */
const lagInNew = (sql: Sql, place: PlaceIn<'new'>): PartitionLag => {
  const [next] = loadAfterPosition(sql, place.read, 1)
  return {
    events: lastPosition(sql) - place.read,
    oldestAt: next?.order.history[countKnown(next, place)]?.at,
  }
}
