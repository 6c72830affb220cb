import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import { DAY_MS, type Instant, MINUTE_MS } from '../kernel/instant.ts'
import { CLAIMED, type IdempotentRequest } from '../messaging/idempotency.ts'
import { isParted, keptResponse, partResponse, wholeResponse } from '../messaging/response-parts.ts'
import { readStored, toStored } from '../messaging/stored-document.ts'
import { forgetOldest } from './forget-oldest.ts'
import { sha256 } from './sha256.ts'

/** Longer than any request runs. An attempt that claimed a key and has not finished by then counts as gone. */
const LEASE_MS = MINUTE_MS
/** Twice the time that callers are promised. */
const KEPT_MS = 2 * DAY_MS
/** Old responses that each new one deletes: more than come, so that the table stops growing. */
const FORGOTTEN_MAX = 10
/** Old responses that each run of the Worker's cron trigger deletes. */
const FORGOTTEN_ON_TIME_MAX = 500
/** What older code wrote for `CLAIMED`. It is gone two days after the upgrade. */
const OLD_CLAIMED = 0
const IS_CLAIMED = `status IN (${CLAIMED}, ${OLD_CLAIMED})`

/** One attempt at a request. No other attempt has its `attemptId`: the column `holder`. */
export type Attempt = IdempotentRequest & { attemptId: string }

export type RecalledFromD1 =
  | { kind: 'new' | 'reused' | 'inProgress' }
  | { kind: 'stored'; status: ContentfulStatusCode; body: string; isOurs: boolean }

/**
 * A response as it is stored. A large part of it, such as an event, is stored once for all responses that have it.
 */
export type StoredResponse = {
  status: ContentfulStatusCode
  body: string
  part?: { digest: string; text: string }
}

type Row = {
  fingerprint: string
  holder: string
  status: ContentfulStatusCode | typeof CLAIMED | typeof OLD_CLAIMED
  body: string | null
  at: Instant
}

export const toStoredResponse = async (
  status: ContentfulStatusCode,
  response: object,
): Promise<StoredResponse> => {
  const { rest, part: text } = partResponse(response)
  if (text === undefined) return { status, body: toStored(D1_RESPONSE, rest) }
  const digest = await sha256(text)
  return { status, body: toStored(D1_RESPONSE, { rest, part: digest }), part: { digest, text } }
}

/** The part is in `request_parts`, under its digest. */
export const D1_RESPONSE = keptResponse('response in D1', z.string())

/** The text of a response as it was first sent. Older code stored responses whole. */
const wholeText = async (database: D1Database, body: string): Promise<string> => {
  const kept = readStored(D1_RESPONSE, body)
  if (!isParted(kept)) return body
  const text = await database
    .prepare('SELECT part FROM request_parts WHERE digest = ?')
    .bind(kept.part)
    .first<string>('part')
  if (text === null) throw new Error('Broken invariant: a stored response has lost its part')
  return JSON.stringify(wholeResponse(kept.rest, text))
}

/** What is stored about a request. A claim that ran out counts for nothing: the request is new. */
export const recallFromD1 = async (
  database: D1Database,
  { requestKey, fingerprint, attemptId }: Attempt,
  now: Instant,
): Promise<RecalledFromD1> => {
  const row = await database
    .prepare('SELECT fingerprint, holder, status, body, at FROM requests WHERE request_key = ? AND at > ?')
    .bind(requestKey, now - KEPT_MS)
    .first<Row>()
  if (row === null) return { kind: 'new' }
  if (row.fingerprint !== fingerprint) return { kind: 'reused' }
  if (row.status !== CLAIMED && row.status !== OLD_CLAIMED) {
    const body = await wholeText(database, row.body ?? '{}')
    return { kind: 'stored', status: row.status, body, isOurs: row.holder === attemptId }
  }
  return { kind: row.holder !== attemptId && row.at + LEASE_MS > now ? 'inProgress' : 'new' }
}

/** Makes the key this attempt's own for a while. False: another attempt has it, or its response is stored. */
export const claimInD1 = async (
  database: D1Database,
  { requestKey, fingerprint, attemptId }: Attempt,
  now: Instant,
): Promise<boolean> => {
  const claim = database
    .prepare(
      `INSERT INTO requests (request_key, fingerprint, holder, status, at) VALUES (?1, ?2, ?3, ${CLAIMED}, ?4)
        ON CONFLICT (request_key) DO UPDATE SET holder = excluded.holder, at = excluded.at
          WHERE ${IS_CLAIMED} AND fingerprint = excluded.fingerprint AND at <= ?5
        RETURNING holder`,
    )
    .bind(requestKey, fingerprint, attemptId, now, now - LEASE_MS)
  const [, claimed] = await database.batch([forgetOne(database, requestKey, now), claim])
  return (claimed?.results.length ?? 0) > 0
}

/** Gives a claimed key free again. */
export const releaseInD1 = async (database: D1Database, attempt: Attempt): Promise<void> => {
  await database
    .prepare(`DELETE FROM requests WHERE request_key = ? AND holder = ? AND ${IS_CLAIMED}`)
    .bind(attempt.requestKey, attempt.attemptId)
    .run()
}

/**
 * To be sent in one batch with the work, which is a transaction. Where another attempt has claimed the key or stored its
 * response, the status becomes NULL: that is not allowed, so the whole batch fails and nothing of the work is done.
 */
export const rememberInD1 = (
  database: D1Database,
  { requestKey, fingerprint, attemptId }: Attempt,
  { status, body, part }: StoredResponse,
  now: Instant,
): D1PreparedStatement[] => [
  forgetOne(database, requestKey, now),
  database
    .prepare(
      `INSERT INTO requests (request_key, fingerprint, holder, status, body, at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (request_key) DO UPDATE SET body = excluded.body, at = excluded.at,
          status = CASE WHEN ${IS_CLAIMED} AND holder = excluded.holder THEN excluded.status END`,
    )
    .bind(requestKey, fingerprint, attemptId, status, body, now),
  forgetRequests(database, now, FORGOTTEN_MAX),
  ...(part === undefined ? [] : [keepPart(database, part, now), forgetParts(database, now, FORGOTTEN_MAX)]),
]

/** A key whose time is over may be used again before its row is deleted. */
const forgetOne = (database: D1Database, requestKey: string, now: Instant): D1PreparedStatement =>
  database.prepare('DELETE FROM requests WHERE request_key = ? AND at <= ?').bind(requestKey, now - KEPT_MS)

/** It stays as long as the newest response that has it. */
const keepPart = (
  database: D1Database,
  { digest, text }: { digest: string; text: string },
  now: Instant,
): D1PreparedStatement =>
  database
    .prepare(
      `INSERT INTO request_parts (digest, part, at) VALUES (?, ?, ?)
        ON CONFLICT (digest) DO UPDATE SET at = max(at, excluded.at)`,
    )
    .bind(digest, text, now)

const forgetRequests = (database: D1Database, now: Instant, most: number): D1PreparedStatement =>
  forgetOldest(database, { table: 'requests', key: 'request_key' }, now - KEPT_MS, most)

const forgetParts = (database: D1Database, now: Instant, most: number): D1PreparedStatement =>
  forgetOldest(database, { table: 'request_parts', key: 'digest' }, now - KEPT_MS, most)

/** Deletes old responses of a database with both tables, or with `requests` alone, where no new ones come. */
export const forgetOnTime = async (
  database: D1Database,
  tables: 'requests' | 'requests and parts',
  now: Instant,
): Promise<void> => {
  const requests = forgetRequests(database, now, FORGOTTEN_ON_TIME_MAX)
  const parts = tables === 'requests' ? [] : [forgetParts(database, now, FORGOTTEN_ON_TIME_MAX)]
  await database.batch([requests, ...parts])
}
