import type { Sql } from '../../messaging/sql.ts'
import { type FeedPage, type FeedPlace, feedEventsFrom } from '../feed.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { lastPosition, loadAfterPosition, loadFromId, type OrderRow } from './order-store.ts'

/** Rows that one page reads, some 1 MB. An order has about six events. */
const FEED_ROWS_MAX = 200

export type PlaceIn<Part extends FeedPlace['part']> = FeedPlace & { part: Part }

/** A row, and how many of its facts the reader has. */
type Portion = { row: OrderRow; has: number }

/** The next events after a place, at most `limit`. */
export const readPage = (sql: Sql, place: FeedPlace, limit: number): FeedPage =>
  place.part === 'stored' ? readStored(sql, place, limit) : readNew(sql, place, limit)

const readStored = (sql: Sql, place: PlaceIn<'stored'>, limit: number): FeedPage => {
  const rowsMax = Math.min(limit, FEED_ROWS_MAX) + 1
  const rows = loadFromId(sql, place.orderId, rowsMax)
  const portions = rows.map((row) => ({ row, has: row.order.orderId === place.orderId ? place.facts : 0 }))
  const { events, last, isCut } = take(portions, limit)
  const isEnd = !isCut && rows.length < rowsMax
  if (isEnd) {
    const { epoch, began } = place
    const next: FeedPlace = { part: 'new', epoch, known: began, read: began, within: 0 }
    return { events, place: next, hasMore: lastPosition(sql) > began }
  }
  const reached = last && { orderId: last.row.order.orderId, facts: last.has }
  return { events, place: { ...place, ...reached }, hasMore: true }
}

/** Rows between `known` and `read` may have changed since they were read: their facts then come once more. */
const readNew = (sql: Sql, place: PlaceIn<'new'>, limit: number): FeedPage => {
  const rowsMax = Math.min(limit, FEED_ROWS_MAX) + 1
  const rows = loadAfterPosition(sql, place.read, rowsMax)
  const portions = rows.map((row) => ({ row, has: countKnown(row, place) }))
  const { events, last, whole, isCut } = take(portions, limit)
  const isEnd = !isCut && rows.length < rowsMax
  if (isEnd) {
    // Orders that have left took positions too.
    const end = lastPosition(sql)
    return { events, place: { ...place, known: end, read: end, within: 0 }, hasMore: false }
  }
  const reached = whole === undefined ? place.read : positionOf(whole.row, -1)
  const within = isCut && last !== undefined ? positionOf(last.row, last.has - 1) : 0
  return { events, place: { ...place, read: reached, within }, hasMore: true }
}

/**
 * The events of the portions, as many as fit. `last` is the last row that was read from, and `whole` the last one that
 * was read to its end. Orders that were never placed here have no events.
 */
const take = (portions: readonly Portion[], limit: number) => {
  const events: FeedPage['events'] = []
  let last: Portion | undefined
  let whole: Portion | undefined
  for (const { row, has } of portions) {
    const all = isUnknownOrder(row.order) ? [] : feedEventsFrom(row.order, has)
    const fitting = all.slice(0, limit - events.length)
    events.push(...fitting)
    if (fitting.length > 0 || all.length === 0) last = { row, has: has + fitting.length }
    if (fitting.length < all.length) return { events, last, whole, isCut: true }
    whole = last
  }
  return { events, last, whole, isCut: false }
}

/** How many facts of a row a reader at this place has for certain. */
export const countKnown = ({ positions }: OrderRow, { known, within }: PlaceIn<'new'>): number => {
  const isWithin = within > 0 && positions.includes(within)
  return positions.filter((position) => position <= (isWithin ? within : known)).length
}

const positionOf = ({ positions }: OrderRow, index: number): number => positions.at(index) ?? 0
