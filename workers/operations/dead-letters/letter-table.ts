import { type Page, toPage } from '../../../src/contracts/paging.ts'
import type { Subscriber } from '../../../src/contracts/topology.ts'
import { type Exhausted, ownerOf, shownEvent } from '../../../src/operations/dead-letters.ts'
import { keepsTokens, withoutTokens } from '../../../src/operations/erased-tokens.ts'
import { withContent } from './letter-content.ts'

export type DeadLetterStatus = 'open' | 'redriven' | 'discarded'

export type StoredLetter = {
  id: string
  consumer: Subscriber
  reason: string
  error: string
  attempts: number
  times: number
  order_id: string | null
  source: string | null
  /** The newest variant of the event, and the digest of its content. Older code stored no digest. */
  event: string
  content: string | null
  /** The variant that came first, where its content differs from the newest one. */
  first_event: string | null
  first_reason: string | null
  first_error: string | null
  first_seen_at: string
  last_seen_at: string
  status: DeadLetterStatus
  /** When another variant came after the letter was discarded. Null where none did. */
  reopened_at: string | null
}

/** Counts events whose retries ran out and whose publishers send them again. */
export const countExhausted = async (
  database: D1Database,
  exhausted: readonly Exhausted[],
  seenAt: string,
): Promise<void> => {
  if (exhausted.length === 0) return
  const statement = database.prepare(
    `INSERT INTO exhausted (consumer, type, times, last_seen_at) VALUES (?, ?, 1, ?)
      ON CONFLICT (consumer, type) DO UPDATE SET times = times + 1, last_seen_at = excluded.last_seen_at`,
  )
  await database.batch(exhausted.map(({ consumer, type }) => statement.bind(consumer, type, seenAt)))
}

export type LetterFilter = {
  consumer?: Subscriber | undefined
  status?: DeadLetterStatus | undefined
}

/** Newest first. */
export const findLetters = async (database: D1Database, filter: LetterFilter, page: Page) => {
  const [seenAt, id] = page.after ?? ['9999', '']
  const { sql, bindings } = conditionsOf(filter)
  const { results } = await database
    .prepare(
      `SELECT * FROM dead_letters WHERE ${[...sql, '(first_seen_at, id) < (?, ?)'].join(' AND ')}
        ORDER BY first_seen_at DESC, id DESC LIMIT ?`,
    )
    .bind(...bindings, seenAt, id, page.limit + 1)
    .all<StoredLetter>()
  return toPage(results, page, { item: viewLetter, position: (row) => [row.first_seen_at, row.id] })
}

/** Only the filters that are set. A condition on a value that may be missing would prevent the use of the filter's index. */
const conditionsOf = ({ consumer, status }: LetterFilter): { sql: string[]; bindings: string[] } => ({
  sql: [consumer === undefined ? [] : 'consumer = ?', status === undefined ? [] : 'status = ?'].flat(),
  bindings: [consumer ?? [], status ?? []].flat(),
})

/** The letters with these ids, or all open ones of a consumer that can be redriven, oldest first. */
export const selectLetters = async (
  database: D1Database,
  wanted: { ids?: readonly string[] | undefined; consumer?: Subscriber | undefined; limit: number },
): Promise<StoredLetter[]> => {
  const { consumer, ids, limit } = wanted
  const { sql, bindings } = conditionsOf({ consumer, ...(ids === undefined && { status: 'open' }) })
  const named = ids === undefined ? [keepsTokens('event')] : ['id IN (SELECT value FROM json_each(?))']
  const { results } = await database
    .prepare(
      `SELECT * FROM dead_letters WHERE ${[...sql, ...named].join(' AND ')} ORDER BY first_seen_at, id LIMIT ?`,
    )
    .bind(...bindings, ...(ids === undefined ? [] : [JSON.stringify(ids)]), limit)
    .all<StoredLetter>()
  return await Promise.all(results.map(withContent))
}

export type AuditEntry = { client: string; at: string; auditId: string; why?: string | undefined }

/**
 * Closes a letter, with an audit entry. A redriven letter that came again meanwhile stays open. A discarded letter opens
 * again only for another variant of its event, because no operator has read that one. A closed letter loses its payment
 * tokens. The digest of its content stays, so that its variants can still be told apart.
 */
export const closeLetter = (
  database: D1Database,
  letter: StoredLetter,
  status: Exclude<DeadLetterStatus, 'open'>,
  auditEntry: AuditEntry,
): D1PreparedStatement[] => [
  database
    .prepare(
      `UPDATE dead_letters SET
          status = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN 'open' ELSE ?1 END,
          reopened_at = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN last_seen_at END,
          event = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN event ELSE ?6 END,
          first_event = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN first_event ELSE ?7 END,
          erased_times = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN erased_times ELSE times END,
          source = CASE WHEN content IS NULL THEN ?8 ELSE source END,
          content = coalesce(content, ?4)
        WHERE id = ?2 AND (?1 = 'discarded' OR times = ?3)`,
    )
    .bind(
      ...[status, letter.id, letter.times, letter.content, letter.event, withoutTokens(letter.event)],
      ...[letter.first_event && withoutTokens(letter.first_event), letter.source],
    ),
  database
    .prepare(
      'INSERT INTO audit (audit_id, at, client, action, dead_letter_id, why) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .bind(auditEntry.auditId, auditEntry.at, auditEntry.client, status, letter.id, auditEntry.why ?? null),
]

export const viewLetter = (row: StoredLetter) => ({
  id: row.id,
  queue: `${row.consumer}-inbox` as const,
  consumer: row.consumer,
  reason: row.reason,
  error: row.error,
  attempts: row.attempts,
  times: row.times,
  event: shownEvent(row.event),
  ...viewFirst(row),
  ...(row.order_id !== null && { orderId: row.order_id }),
  ...ownerOf(row.event),
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  status: row.status,
  ...(row.reopened_at !== null && { reopenedAt: row.reopened_at }),
})

const viewFirst = ({ first_event: event, first_reason: reason, first_error: error }: StoredLetter) =>
  event === null ? {} : { first: { reason: reason ?? '', error: error ?? '', event: shownEvent(event) } }
