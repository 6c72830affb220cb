import type { Sql } from '../../messaging/sql.ts'
import { readStored, toStored } from '../../messaging/stored-document.ts'
import { FEED_CONSUMER, type FeedConsumer } from '../feed-consumer.ts'

/** The consumers of the feed, in the first partition alone. */
export const CONSUMERS_TABLE =
  'CREATE TABLE feed_consumers (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID'

type StoredRow = { document: string }

const toConsumer = ({ document }: StoredRow): FeedConsumer => readStored(FEED_CONSUMER, document)

/** All of them, by name. */
export const loadConsumers = (sql: Sql): FeedConsumer[] =>
  sql<StoredRow>('SELECT document FROM feed_consumers ORDER BY name').map(toConsumer)

export const loadConsumer = (sql: Sql, name: string): FeedConsumer | undefined =>
  sql<StoredRow>('SELECT document FROM feed_consumers WHERE name = ?', name).map(toConsumer)[0]

export const storeConsumer = (sql: Sql, consumer: FeedConsumer): void => {
  const document = toStored(FEED_CONSUMER, consumer)
  sql('INSERT OR REPLACE INTO feed_consumers (name, document) VALUES (?, ?)', consumer.name, document)
}

export const deleteConsumer = (sql: Sql, name: string): void => {
  sql('DELETE FROM feed_consumers WHERE name = ?', name)
}
