import type { Sql } from '../../messaging/sql.ts'
import { loadFeedBegan } from './feed-store.ts'
import { loadOwnBefore } from './order-store.ts'

/**
 * A position such that all that took effect since orders got this id has a later one. Undefined where there is none: the
 * feed was not on then. Times of facts cannot say it, because a fact that came late has an early time. The last order
 * before the id took its first position when it was placed.
 */
export const positionBefore = (sql: Sql, orderId: string): number | undefined => {
  const began = loadFeedBegan(sql)
  const [position = 0] = loadOwnBefore(sql, orderId)?.positions ?? []
  return began !== undefined && position > began ? position : undefined
}
