import type { Instant } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

/** A changing request that its caller may repeat: who asked what under which key, and what for, as hashes. */
export type IdempotentRequest = { requestKey: string; fingerprint: string }

/** An answer as it was given: the HTTP status, and the body as JSON text (`null` where it follows from the subject). */
export type StoredAnswer = { status: number; body: string | null; subject: string }

export type Recalled =
  | { kind: 'new' }
  | { kind: 'replay'; answer: StoredAnswer }
  | { kind: 'reused' }
  /** Another partition answers for this key now. */
  | { kind: 'fenced' }

export const IDEMPOTENCY_TABLE = `
  CREATE TABLE requests (
    request_key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    subject TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT,
    at INTEGER NOT NULL
  ) WITHOUT ROWID`

/** No HTTP status: nothing was done under the key here, and nothing will be. */
const FENCED = 0

/** No HTTP status: the key is at work for one body, or was when the work was cut off; it does nothing for another. */
const CLAIMED = 1

/** From now on this partition does nothing under a key that it has not answered yet. */
export const fence = (sql: Sql, request: IdempotentRequest, now: Instant): Recalled => {
  const recalled = recall(sql, request)
  if (recalled.kind !== 'new') return recalled
  release(sql, request)
  remember(sql, request, { status: FENCED, body: null, subject: '' }, now)
  return recalled
}

/** What the partition of a key does for a request whose work is not one turn of that partition. */
export type KeyStep = 'recall' | 'fence' | 'claim' | 'release' | StoredAnswer

/**
 * A key is claimed before the work and answered after it. Equal requests may be at it together, and one may go on
 * where another was cut off: the work has to bear being done twice.
 */
export const stepOfKey = (sql: Sql, request: IdempotentRequest, step: KeyStep, now: Instant): Recalled => {
  if (step === 'fence') return fence(sql, request, now)
  const recalled = recall(sql, request)
  if (step === 'recall' || recalled.kind !== 'new') return recalled
  release(sql, request)
  if (step === 'claim') remember(sql, request, { status: CLAIMED, body: null, subject: '' }, now)
  else if (step !== 'release') remember(sql, request, step, now)
  return recalled
}

/** A claim on the key, for the same body, is no more. */
const release = (sql: Sql, { requestKey, fingerprint }: IdempotentRequest): void => {
  sql(
    `DELETE FROM requests WHERE request_key = ? AND fingerprint = ? AND status = ${CLAIMED}`,
    requestKey,
    fingerprint,
  )
}

/** Looked up before any check that depends on state, in the turn that would do the work. */
export const recall = (sql: Sql, request: IdempotentRequest | undefined): Recalled => {
  if (request === undefined) return { kind: 'new' }
  const [row] = sql<StoredAnswer & { fingerprint: string }>(
    'SELECT fingerprint, subject, status, body FROM requests WHERE request_key = ?',
    request.requestKey,
  )
  if (row === undefined) return { kind: 'new' }
  if (row.status === FENCED) return { kind: 'fenced' }
  if (row.fingerprint !== request.fingerprint) return { kind: 'reused' }
  if (row.status === CLAIMED) return { kind: 'new' }
  return { kind: 'replay', answer: { status: row.status, body: row.body, subject: row.subject } }
}

/**
 * Work that is done and has no answer yet, because that depends on what is waited for. No status of an answer: the
 * subject is what was made, the body what is answered where it is gone by then.
 */
export const UNANSWERED = 102

/** Gives an unanswered request its answer, once: returns the stored one, which an equal request may have given it. */
export const giveAnswer = (
  sql: Sql,
  request: IdempotentRequest | undefined,
  answer: { status: number; body: string },
): { status: number; body: string | null } => {
  if (request === undefined) return answer
  sql(
    `UPDATE requests SET status = ?, body = ? WHERE request_key = ? AND fingerprint = ? AND status = ${UNANSWERED}`,
    ...[answer.status, answer.body, request.requestKey, request.fingerprint],
  )
  const recalled = recall(sql, request)
  return recalled.kind === 'replay' ? recalled.answer : answer
}

/** Kept in the same commit as the work. A refused request is not kept: its key stays free. */
export const remember = (
  sql: Sql,
  request: IdempotentRequest | undefined,
  answer: StoredAnswer,
  now: Instant,
): void => {
  if (request === undefined) return
  sql(
    'INSERT INTO requests (request_key, fingerprint, subject, status, body, at) VALUES (?, ?, ?, ?, ?, ?)',
    request.requestKey,
    request.fingerprint,
    answer.subject,
    answer.status,
    answer.body,
    now,
  )
}
