import type { DeadLetter } from '../../../src/contracts/dead-letter.ts'
import { canonicalJson } from '../../../src/kernel/canonical-json.ts'
import { identityOf } from '../../../src/operations/dead-letters.ts'
import { digestOfContent, letterDigest, withContent } from './letter-content.ts'

/**
 * Stores letters, one for each consumer and event. The source and the id identify an event. An event that comes again
 * raises the count, and opens a redriven letter. Another variant is stored beside the first one: it replaces the newest
 * one, and opens a discarded letter. A variant that operators have read leaves a discarded letter closed, and brings no
 * payment token back into it.
 */
export const keepLetters = async (
  database: D1Database,
  letters: readonly DeadLetter[],
  seenAt: string,
): Promise<void> => {
  if (letters.length === 0) return
  const named = await Promise.all(letters.map(nameLetter))
  const adoptions = await adoptOlder(database, named)
  await database.batch([...adoptions, ...named.map((letter) => keepLetter(database, letter, seenAt))])
}

type Named = {
  letter: DeadLetter
  id: string
  /** The id before the source was part of it. Letters of that time keep their ids. */
  olderId: string
  content: string
}

const nameLetter = async (letter: DeadLetter): Promise<Named> => {
  const { consumer, event } = letter
  const { eventId, source } = identityOf(event)
  const olderId = await letterId(`${consumer} ${eventId ?? canonicalJson(event)}`)
  const id =
    eventId === undefined ? olderId : await letterId(canonicalJson([consumer, source ?? null, eventId]))
  return { letter, id, olderId, content: await digestOfContent(event) }
}

const letterId = async (text: string): Promise<string> => `dl_${await letterDigest(text)}`

/** Gives letters of older code the source and the content of their event, so that they are found by them. */
const adoptOlder = async (
  database: D1Database,
  named: readonly Named[],
): Promise<readonly D1PreparedStatement[]> => {
  const { results } = await database
    .prepare(
      `SELECT id, event, source, content FROM dead_letters
        WHERE id IN (SELECT value FROM json_each(?)) AND content IS NULL`,
    )
    .bind(JSON.stringify(named.map(({ olderId }) => olderId)))
    .all<Older>()
  return await Promise.all(results.map((row) => adopt(database, row)))
}

type Older = { id: string; event: string; source: string | null; content: string | null }

const adopt = async (database: D1Database, row: Older): Promise<D1PreparedStatement> => {
  const { source, content, id, event } = await withContent(row)
  return database
    .prepare('UPDATE dead_letters SET source = ?, content = ? WHERE id = ? AND content IS NULL AND event = ?')
    .bind(source, content, id, event)
}

/** In the `UPDATE`, a plain name is the stored value, and `excluded` the new one. */
const keepLetter = (
  database: D1Database,
  { letter, id, olderId, content }: Named,
  seenAt: string,
): D1PreparedStatement => {
  const { eventId, source, orderId } = identityOf(letter.event)
  const event = JSON.stringify(letter.event) ?? 'null'
  return database
    .prepare(
      `INSERT INTO dead_letters
          (id, consumer, reason, error, attempts, times, event_id, source, order_id, event, content,
            first_seen_at, last_seen_at, status)
        SELECT coalesce((SELECT id FROM dead_letters WHERE id = ?1 AND source IS ?8), ?2),
          ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'open' WHERE true
        ON CONFLICT (id) DO UPDATE SET
          times = times + 1, last_seen_at = excluded.last_seen_at,
          status = CASE WHEN status = 'discarded' AND ${IS_READ} THEN status ELSE 'open' END,
          erased_times = CASE WHEN ${STAYS_DISCARDED} AND erased_times = times THEN times + 1 ELSE erased_times END,
          reopened_at = CASE WHEN status = 'discarded' AND NOT ${IS_READ} THEN excluded.last_seen_at ELSE reopened_at END,
          ${['event', 'reason', 'error'].map(keepFirst).join(', ')},
          first_content = CASE WHEN ${IS_SECOND} THEN content ELSE first_content END,
          event = CASE WHEN ${STAYS_DISCARDED} OR excluded.content IS first_content THEN event ELSE excluded.event END,
          ${['content', 'reason', 'error', 'attempts'].map(takeNewest).join(', ')}`,
    )
    .bind(
      ...[olderId, id, letter.consumer, letter.reason, letter.error, letter.attempts],
      ...[eventId ?? null, source ?? null, orderId ?? null, event, content, letter.firstSeenAt, seenAt],
    )
}

const IS_READ = '(excluded.content IS content OR excluded.content IS first_content)'

/** Its stored event is not replaced, because its token would come back. */
const STAYS_DISCARDED = `(status = 'discarded' AND ${IS_READ})`

/** The letter has one variant so far, and the new event is another one. */
const IS_SECOND = '(first_event IS NULL AND excluded.content IS NOT content)'

const keepFirst = (column: string): string =>
  `first_${column} = CASE WHEN ${IS_SECOND} THEN ${column} ELSE first_${column} END`

/** The first variant may come again. Then the newest one stays the newest. */
const takeNewest = (column: string): string =>
  `${column} = CASE WHEN excluded.content IS first_content THEN ${column} ELSE excluded.${column} END`
