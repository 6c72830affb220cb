import { type Instant, MINUTE_MS } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'

const DAY_MS = 24 * 60 * MINUTE_MS
/** A bank sends an event again for days, and a person may do so for a month. */
const DAYS_KEPT = 31
/** So many old rows leave with each new one. */
const FORGOTTEN_AT_ONCE = 10

/** The bank's events that were taken, by the day on which they came: so one row is written for each. */
export const BANK_NEWS_TABLE = `CREATE TABLE bank_news (
    day INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    PRIMARY KEY (day, event_id)
  ) WITHOUT ROWID`

const dayOf = (at: Instant): number => Math.floor(at / DAY_MS)

export const hasNews = (sql: Sql, eventId: string, now: Instant): boolean => {
  const days = Array.from({ length: DAYS_KEPT + 1 }, (_, before) => dayOf(now) - before)
  return (
    sql(`SELECT 1 FROM bank_news WHERE day IN (${days.join(', ')}) AND event_id = ? LIMIT 1`, eventId)
      .length > 0
  )
}

export const storeNews = (sql: Sql, eventId: string, now: Instant): void => {
  sql('INSERT INTO bank_news (day, event_id) VALUES (?, ?)', dayOf(now), eventId)
  sql(
    `DELETE FROM bank_news WHERE (day, event_id) IN
      (SELECT day, event_id FROM bank_news WHERE day < ? ORDER BY day LIMIT ${FORGOTTEN_AT_ONCE})`,
    dayOf(now) - DAYS_KEPT,
  )
}
