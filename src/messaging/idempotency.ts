import { DAY_MS, dayOf, type Instant } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

/** A changing request that its caller may repeat: who asked what under which key, and what for, as hashes. */
export type IdempotentRequest = {
  requestKey: string
  fingerprint: string
  /** Whose key it is; none where older code sent the request. */
  client?: string
}

/**
 * A response as it was given: the HTTP status, and the rest by reference. `subject` names what the request made or
 * changed, `body` holds the parts of it that may have changed since. A view is never stored: a caller that repeats a
 * short request under new keys would have it stored again each time.
 */
export type StoredResponse = { status: number; body: string | null; subject: string }

export type Recalled =
  | { kind: 'new' }
  /** The field keeps its name: Workers and objects of two versions meet during a deployment. */
  | { kind: 'replay'; answer: StoredResponse }
  | { kind: 'reused' }
  /** Another partition replies to this key by now. */
  | { kind: 'fenced' }
  /** This partition was full when the key came: the partition with this label does the work. */
  | { kind: 'moved'; to: string }

/** Keys by the day on which they were used, so that those of a day that is over lie together. */
export const KEYS_TABLE = `
  CREATE TABLE idempotency_keys (
    day INTEGER NOT NULL,
    request_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    subject TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (day, request_key)
  ) WITHOUT ROWID`

/** Where older code kept keys, with whole responses and for ever. Nothing is added; src/messaging/key-expiry.ts empties it. */
export const OLD_KEYS_TABLE = `
  CREATE TABLE requests (
    request_key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    subject TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT,
    at INTEGER NOT NULL
  ) WITHOUT ROWID`

/** A key is remembered on the day of its use and on the next: for 24 to 48 hours. */
const DAYS_KEPT = 2

/** Keys of earlier days are forgotten. */
export const firstDayKept = (now: Instant): number => dayOf(now) - DAYS_KEPT + 1

/** A key that older code kept is forgotten when it is as old as a newer one can become. */
export const oldKeysKeptFrom = (now: Instant): Instant => now - DAYS_KEPT * DAY_MS

const IS_KEPT = 'day IN (?, ?, ?)'

/** Tomorrow's too: where a partition has moved to a machine whose clock is behind, it may be today once more. */
const daysKept = (now: Instant): [number, number, number] => {
  const today = dayOf(now)
  return [today - 1, today, today + 1]
}

/*
 * Four statuses that no response has mark a key without a response. They mean the same in the partitions and in
 * D1 (src/cloudflare/d1-requests.ts).
 */

/** Nothing was done under the key here, and nothing will be: another partition replies to it. */
const FENCED = 0

/** Work under the key has begun for one body, and may have been cut off. The key does nothing for another body. */
export const CLAIMED = 1

/** Nothing was done under the key here, and nothing will be: the subject is the label of the partition that does it. */
const MOVED = 2

/**
 * The work is done, and its response waits for what others do. The subject names what was made. The body is the
 * response in case that is gone by then.
 */
export const RESPONSE_PENDING = 102

/** From now on this partition does nothing under a key that has no response yet. */
export const fence = (sql: Sql, request: IdempotentRequest, now: Instant): Recalled => {
  const recalled = recall(sql, request, now)
  if (recalled.kind !== 'new') return recalled
  release(sql, request, now)
  remember(sql, request, { status: FENCED, body: null, subject: '' }, now)
  return recalled
}

/** From now on the partition `to` does what comes under this key, unless the key was used here before. */
export const moveKey = (sql: Sql, request: IdempotentRequest, to: string, now: Instant): Recalled => {
  const recalled = recall(sql, request, now)
  if (recalled.kind !== 'new') return recalled
  remember(sql, request, { status: MOVED, body: null, subject: to }, now)
  return { kind: 'moved', to }
}

/** What the partition of a key does for a request whose work is not one turn of that partition. */
export type KeyStep = 'recall' | 'fence' | 'claim' | 'release' | StoredResponse

/**
 * A key is claimed before the work, and gets its response after it. Equal requests may work at the same time, and one
 * may go on where another was cut off: it must be harmless to do the work twice.
 */
export const stepOfKey = (sql: Sql, request: IdempotentRequest, step: KeyStep, now: Instant): Recalled => {
  if (step === 'fence') return fence(sql, request, now)
  const recalled = recall(sql, request, now)
  if (step === 'recall' || recalled.kind !== 'new') return recalled
  release(sql, request, now)
  if (step === 'claim') remember(sql, request, { status: CLAIMED, body: null, subject: '' }, now)
  else if (step !== 'release') remember(sql, request, step, now)
  return recalled
}

/** Ends a claim on the key for the same body. */
const release = (sql: Sql, { requestKey, fingerprint }: IdempotentRequest, now: Instant): void => {
  const isClaimed = `request_key = ? AND fingerprint = ? AND status = ${CLAIMED}`
  sql(
    `DELETE FROM idempotency_keys WHERE ${isClaimed} AND ${IS_KEPT}`,
    requestKey,
    fingerprint,
    ...daysKept(now),
  )
  sql(`DELETE FROM requests WHERE ${isClaimed}`, requestKey, fingerprint)
}

/** To be called before any check that depends on state, in the turn that would do the work. */
export const recall = (sql: Sql, request: IdempotentRequest | undefined, now: Instant): Recalled => {
  if (request === undefined) return { kind: 'new' }
  const row = keyOf(sql, request, now)
  if (row === undefined) return { kind: 'new' }
  if (row.status === FENCED) return { kind: 'fenced' }
  // Whatever the body is: a request that the other partition has refused leaves the key free.
  if (row.status === MOVED) return { kind: 'moved', to: row.subject }
  if (row.fingerprint !== request.fingerprint) return { kind: 'reused' }
  if (row.status === CLAIMED) return { kind: 'new' }
  return { kind: 'replay', answer: { status: row.status, body: row.body, subject: row.subject } }
}

type KeyRow = StoredResponse & { fingerprint: string }

const keyOf = (sql: Sql, { requestKey }: IdempotentRequest, now: Instant): KeyRow | undefined =>
  sql<KeyRow>(
    `SELECT fingerprint, subject, status, body FROM idempotency_keys WHERE request_key = ? AND ${IS_KEPT}`,
    requestKey,
    ...daysKept(now),
  )[0] ??
  sql<KeyRow>(
    'SELECT fingerprint, subject, status, body FROM requests WHERE request_key = ? AND at > ?',
    requestKey,
    oldKeysKeptFrom(now),
  )[0]

/** Stores a pending response, once. Returns the stored one, which may come from an equal request. */
export const storePendingResponse = (
  sql: Sql,
  request: IdempotentRequest,
  response: { status: number; body: string },
  now: Instant,
): { status: number; body: string | null } => {
  const values = [response.status, response.body, request.requestKey, request.fingerprint]
  const whilePending = `SET status = ?, body = ? WHERE request_key = ? AND fingerprint = ? AND status = ${RESPONSE_PENDING}`
  sql(`UPDATE idempotency_keys ${whilePending} AND ${IS_KEPT}`, ...values, ...daysKept(now))
  sql(`UPDATE requests ${whilePending}`, ...values)
  const recalled = recall(sql, request, now)
  return recalled.kind === 'replay' ? recalled.answer : response
}

/** Kept in the same commit as the work. A refused request is not kept: its key stays free. */
export const remember = (
  sql: Sql,
  request: IdempotentRequest | undefined,
  response: StoredResponse,
  now: Instant,
): void => {
  if (request === undefined) return
  sql(
    'INSERT INTO idempotency_keys (day, request_key, fingerprint, subject, status, body) VALUES (?, ?, ?, ?, ?, ?)',
    dayOf(now),
    request.requestKey,
    request.fingerprint,
    response.subject,
    response.status,
    response.body,
  )
}
