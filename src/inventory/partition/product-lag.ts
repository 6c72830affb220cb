import type { PartitionLag } from '../../messaging/feed-lag.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { ProductPlace } from '../product-feed.ts'
import {
  countProductsAfter,
  countProductsAfterPosition,
  lastProductPosition,
  nextTakenAt,
} from './product-feed-store.ts'
import { loadProductsAfter } from './stock-store.ts'

/**
 * What a reader of the product feed at this place does not have yet; without a place, a reader that has nothing. Each
 * product counts once, up to a thousand of a kind: of a reader that is not through with all products, those that changed
 * since it began count twice.
 */
export const measureProductLag = (sql: Sql, place: ProductPlace | undefined): PartitionLag => {
  if (place === undefined) return lagInStored(sql, { after: '', began: lastProductPosition(sql) })
  return place.part === 'stored' ? lagInStored(sql, place) : lagInNew(sql, place.read)
}

const lagInStored = (sql: Sql, { after, began }: { after: string; began: number }): PartitionLag => {
  const changed = lagInNew(sql, began)
  const [next] = loadProductsAfter(sql, after, 1)
  return {
    events: countProductsAfter(sql, after) + changed.events,
    oldestAt: next?.updatedAt ?? changed.oldestAt,
  }
}

const lagInNew = (sql: Sql, read: number): PartitionLag => ({
  events: countProductsAfterPosition(sql, read),
  oldestAt: nextTakenAt(sql, read),
})
