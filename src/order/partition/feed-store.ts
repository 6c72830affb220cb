import type { Sql } from '../../messaging/sql.ts'

/** Has a row while the order feed is on. The epoch is drawn anew each time that the feed is switched on. */
export const FEED_TABLE = 'CREATE TABLE feed (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL)'

/** The last position when the feed was switched on: every fact since then has a later one. Rows of older code have none. */
export const FEED_BEGAN_COLUMN = 'ALTER TABLE feed ADD COLUMN began INTEGER'

/** The epoch of the order feed; undefined while it is off. */
export const loadFeedEpoch = (sql: Sql): string | undefined =>
  sql<{ epoch: string }>('SELECT epoch FROM feed')[0]?.epoch

/** The last position when the feed was switched on; undefined where older code switched it on, or while it is off. */
export const loadFeedBegan = (sql: Sql): number | undefined =>
  sql<{ began: number | null }>('SELECT began FROM feed')[0]?.began ?? undefined

export const storeFeedEpoch = (sql: Sql, epoch: string, began: number): void => {
  sql('INSERT OR REPLACE INTO feed (one, epoch, began) VALUES (1, ?, ?)', epoch, began)
}

export const deleteFeedEpoch = (sql: Sql): void => {
  sql('DELETE FROM feed')
}
