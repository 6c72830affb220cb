import { z } from 'zod'
import { withoutSecrets } from '../../../src/contracts/audit-entry.ts'
import type { Subscriber } from '../../../src/contracts/topology.ts'
import { type Exhausted, ownerOf, shownEvent } from '../../../src/operations/dead-letters.ts'
import { withoutTokens } from '../../../src/operations/erased-tokens.ts'
import { insertEntry } from '../audit-log/audit-table.ts'
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
  /** As `CLOSING` reads it. Absent where it was not read. */
  closing?: string | null
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

/**
 * Who closed the letter, when and why, as JSON in the column `closing`; null for an open letter. Of several closings the
 * last counts.
 */
export const CLOSING = `CASE WHEN status <> 'open' THEN (
  SELECT json_object('client', audit.client, 'at', audit.at, 'reason', audit.why) FROM audit
    WHERE audit.dead_letter_id = dead_letters.id AND audit.action = dead_letters.status
    ORDER BY audit.audit_id DESC LIMIT 1) END AS closing`

/** The `type` of the event, as the index has it. */
export const EVENT_TYPE = "iif(json_valid(event), event ->> '$.type', NULL)"

/** The letters with these ids, of a consumer if one is named, oldest first. */
export const selectLetters = async (
  database: D1Database,
  { ids, consumer, limit }: { ids: readonly string[]; consumer?: Subscriber | undefined; limit: number },
): Promise<StoredLetter[]> => {
  const { results } = await database
    .prepare(
      `SELECT * FROM dead_letters WHERE ${consumer === undefined ? '' : 'consumer = ? AND '}
        id IN (SELECT value FROM json_each(?)) ORDER BY first_seen_at, id LIMIT ?`,
    )
    .bind(...(consumer === undefined ? [] : [consumer]), JSON.stringify(ids), limit)
    .all<StoredLetter>()
  return await Promise.all(results.map(withContent))
}

/** Who closes a letter, when and why: the entry of the audit log is stored in the same commit. */
export type Closing = {
  client: string
  keyId?: string | undefined
  person?: string | undefined
  at: string
  auditId: string
  why?: string | undefined
}

/**
 * Closes a letter, with an audit entry. A redriven letter that came again meanwhile stays open. A discarded letter opens
 * again only for another variant of its event, because no operator has read that one. A closed letter loses its payment
 * tokens. The digest of its content stays, so that its variants can still be told apart.
 */
export const closeLetter = (
  database: D1Database,
  letter: StoredLetter,
  status: Exclude<DeadLetterStatus, 'open'>,
  closing: Closing,
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
  insertEntry(database, {
    id: closing.auditId,
    at: closing.at,
    client: closing.client,
    ...(closing.keyId !== undefined && { keyId: closing.keyId }),
    ...(closing.person !== undefined && { person: closing.person }),
    kind: 'dead_letter',
    action: status,
    subject: letter.id,
    ...(closing.why !== undefined && { reason: withoutSecrets(closing.why) }),
    outcome: 'done',
    before: { status: letter.status },
    after: { status },
  }),
]

/** The letter once it is closed. */
export const viewClosed = (
  letter: StoredLetter,
  status: Exclude<DeadLetterStatus, 'open'>,
  { client, at, why }: Closing,
) =>
  viewLetter({ ...letter, status, reopened_at: null, closing: JSON.stringify({ client, at, reason: why }) })

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
  ...viewClosing(row.closing),
})

const viewClosing = (closing: string | null | undefined) => {
  if (closing === null || closing === undefined) return {}
  const { client, at, reason } = closingSchema.parse(JSON.parse(closing))
  return { closedBy: { client, at, ...(typeof reason === 'string' && { reason }) } }
}

const closingSchema = z.object({ client: z.string(), at: z.string(), reason: z.string().nullish() })

const viewFirst = ({ first_event: event, first_reason: reason, first_error: error }: StoredLetter) =>
  event === null ? {} : { first: { reason: reason ?? '', error: error ?? '', event: shownEvent(event) } }
