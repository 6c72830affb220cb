import type { Sql } from '../../messaging/sql.ts'

/** Has a row while the order feed is on. The epoch is drawn anew each time that the feed is switched on. */
export const FEED_TABLE = 'CREATE TABLE feed (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL)'

/** The epoch of the order feed; undefined while it is off. */
export const loadFeedEpoch = (sql: Sql): string | undefined =>
  sql<{ epoch: string }>('SELECT epoch FROM feed')[0]?.epoch

export const storeFeedEpoch = (sql: Sql, epoch: string): void => {
  sql('INSERT OR REPLACE INTO feed (one, epoch) VALUES (1, ?)', epoch)
}

export const deleteFeedEpoch = (sql: Sql): void => {
  sql('DELETE FROM feed')
}
