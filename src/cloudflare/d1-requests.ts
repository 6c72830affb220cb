import { type Instant, MINUTE_MS } from '../kernel/instant.ts'
import type { IdempotentRequest } from '../messaging/idempotency.ts'

/** Longer than any request runs. Whoever claimed a key and did not finish by then is taken to be gone. */
const LEASE_MS = MINUTE_MS
/** Twice what callers are promised. */
const KEPT_MS = 48 * 60 * MINUTE_MS
/** Old answers that go with each new one: more than come, so that the table stops growing. */
const FORGOTTEN_MAX = 10
/** No HTTP status: the request is still being handled. */
const IN_PROGRESS = 0

/** One attempt at a request; `holder` is its own and nobody else's. */
export type Attempt = IdempotentRequest & { holder: string }

export type RecalledFromD1 =
  | { kind: 'new' | 'reused' | 'inProgress' }
  | { kind: 'answered'; status: number; body: string; isOurs: boolean }

type Row = { fingerprint: string; holder: string; status: number; body: string | null; at: Instant }

/** What is known of a request. A claim that ran out is as if nobody had claimed it. */
export const recallFromD1 = async (
  database: D1Database,
  { requestKey, fingerprint, holder }: Attempt,
  now: Instant,
): Promise<RecalledFromD1> => {
  const row = await database
    .prepare('SELECT fingerprint, holder, status, body, at FROM requests WHERE request_key = ?')
    .bind(requestKey)
    .first<Row>()
  if (row === null) return { kind: 'new' }
  if (row.fingerprint !== fingerprint) return { kind: 'reused' }
  if (row.status !== IN_PROGRESS) {
    return { kind: 'answered', status: row.status, body: row.body ?? 'null', isOurs: row.holder === holder }
  }
  return { kind: row.holder !== holder && row.at + LEASE_MS > now ? 'inProgress' : 'new' }
}

/** Makes the key this attempt's own for a while. False: somebody else has it, or it is answered. */
export const claimInD1 = async (
  database: D1Database,
  { requestKey, fingerprint, holder }: Attempt,
  now: Instant,
): Promise<boolean> => {
  const claimed = await database
    .prepare(
      `INSERT INTO requests (request_key, fingerprint, holder, status, at) VALUES (?1, ?2, ?3, ${IN_PROGRESS}, ?4)
        ON CONFLICT (request_key) DO UPDATE SET holder = excluded.holder, at = excluded.at
          WHERE status = ${IN_PROGRESS} AND fingerprint = excluded.fingerprint AND at <= ?5
        RETURNING holder`,
    )
    .bind(requestKey, fingerprint, holder, now, now - LEASE_MS)
    .first()
  return claimed !== null
}

/** Gives a claimed key free again. */
export const releaseInD1 = async (database: D1Database, attempt: Attempt): Promise<void> => {
  await database
    .prepare(`DELETE FROM requests WHERE request_key = ? AND holder = ? AND status = ${IN_PROGRESS}`)
    .bind(attempt.requestKey, attempt.holder)
    .run()
}

/**
 * To be sent in one batch with the work, which is a transaction. Where another attempt holds or answered the key, the
 * status becomes NULL: that is not allowed, so the whole batch fails and nothing of the work is done.
 */
export const rememberInD1 = (
  database: D1Database,
  { requestKey, fingerprint, holder }: Attempt,
  answer: { status: number; body: string },
  now: Instant,
): D1PreparedStatement[] => [
  database
    .prepare(
      `INSERT INTO requests (request_key, fingerprint, holder, status, body, at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (request_key) DO UPDATE SET body = excluded.body, at = excluded.at,
          status = CASE WHEN status = ${IN_PROGRESS} AND holder = excluded.holder THEN excluded.status END`,
    )
    .bind(requestKey, fingerprint, holder, answer.status, answer.body, now),
  database
    .prepare(
      `DELETE FROM requests WHERE request_key IN
        (SELECT request_key FROM requests WHERE at < ? ORDER BY at LIMIT ${FORGOTTEN_MAX})`,
    )
    .bind(now - KEPT_MS),
]
