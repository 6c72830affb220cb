import type { Sql } from '../../messaging/sql.ts'

/** The last position when the feed was switched on: every fact since then has a later one. Rows of older code have none. */
export const FEED_BEGAN_COLUMN = 'ALTER TABLE feed ADD COLUMN began INTEGER'

/** The last position when the feed was switched on; undefined where older code switched it on, or while it is off. */
export const loadFeedBegan = (sql: Sql): number | undefined =>
  sql<{ began: number | null }>('SELECT began FROM feed')[0]?.began ?? undefined

export const storeFeedEpoch = (sql: Sql, epoch: string, began: number): void => {
  sql('INSERT OR REPLACE INTO feed (one, epoch, began) VALUES (1, ?, ?)', epoch, began)
}
