import type { LettersByMinute } from '../../../src/contracts/letters-by-minute.ts'
import { fromTimestamp, type Instant, toTimestamp } from '../../../src/kernel/instant.ts'
import { minuteOf } from '../../../src/messaging/minutes.ts'

/** Of a flood, the newest letters are counted. */
const LETTERS_MAX = 10_000

/** How many letters came first in each minute since a time, read from the index by time alone. */
export const countByMinute = async (database: D1Database, since: Instant): Promise<LettersByMinute> => {
  const { results } = await database
    .prepare(
      `SELECT substr(first_seen_at, 1, 16) AS minute, count(*) AS letters FROM (
          SELECT first_seen_at FROM dead_letters INDEXED BY dead_letters_by_time
            WHERE first_seen_at >= ? ORDER BY first_seen_at DESC LIMIT ${LETTERS_MAX})
        GROUP BY 1 ORDER BY 1`,
    )
    .bind(toTimestamp(since))
    .all<{ minute: string; letters: number }>()
  return results.map(({ minute, letters }) => ({
    minute: minuteOf(fromTimestamp(`${minute}:00.000Z`)),
    letters,
  }))
}
