import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import {
  type Attempt,
  claimInD1,
  keepAnswer,
  type RecalledFromD1,
  recallFromD1,
  releaseInD1,
  rememberInD1,
} from '../d1-requests.ts'
import { badKey, keyedRequest, replayed } from './idempotency-key.ts'
import { problem } from './problem.ts'

/** What a request leads to: the answer, and the statements that make it true, all of them or none. */
export type Effect = {
  status: ContentfulStatusCode
  body: object
  /** What a repeat is answered, where that leaves something out (a secret that is shown once). */
  repeatedBody?: object
  statements: readonly D1PreparedStatement[]
}

/** A refusal is a problem, and leaves the key free. */
type Work = () => Promise<Effect | Response>

/** Whose request it is, and the database that has its effect. */
type Once = { client: string; database: D1Database }

/**
 * Answers a changing request whose effect is rows of a D1 database: once for each `Idempotency-Key`, however often
 * and however concurrently it comes. The answer is stored in the batch that has the effect, so that a crash leaves
 * both or neither. `work` reads and decides, and hands its statements over instead of running them; of several
 * equal requests at once each may decide, one takes effect, and the others get its answer. Without a key the
 * statements just run. The database has the table `requests` (workers/operations/migrations/0002_requests.sql) and,
 * where answers have large fields, `request_parts` (0005_request_parts.sql).
 */
export const answerOnce = (c: Context, once: Once, work: Work): Promise<never> =>
  answer(c, once, work, async (attempt) => commit(c, once.database, attempt, await work()))

/**
 * The same for work that also reaches outside the database, such as a queue: only one of several equal requests
 * runs it, the others get 409 `request_in_progress` until it is answered. A crash leaves the key claimed for a
 * minute; then a repeat does the work again, so it has to bear being done twice.
 */
export const answerOnceAlone = (c: Context, once: Once, work: Work): Promise<never> =>
  answer(c, once, work, async (attempt) => {
    const isClaimed = await claimInD1(once.database, attempt, Date.now())
    return isClaimed ? whileClaimed(c, once.database, attempt, work) : beaten(c, once.database, attempt)
  })

const answer = async (
  c: Context,
  { client, database }: Once,
  work: Work,
  keyed: (attempt: Attempt) => Promise<Response>,
): Promise<never> => {
  const request = await keyedRequest(c, client)
  if (!request.ok) return badKey(c, request.reason)
  if (request.value === undefined) return (await unkeyed(c, database, await work())) as never
  const attempt = { ...request.value, holder: crypto.randomUUID() }
  const recalled = await recallFromD1(database, attempt, Date.now())
  return (repeated(c, recalled) ?? (await keyed(attempt))) as never
}

const unkeyed = async (c: Context, database: D1Database, done: Effect | Response): Promise<Response> => {
  if (done instanceof Response) return done
  if (done.statements.length > 0) await database.batch([...done.statements])
  return c.json(done.body, done.status)
}

const whileClaimed = async (
  c: Context,
  database: D1Database,
  attempt: Attempt,
  work: Work,
): Promise<Response> => {
  let answer: Response | undefined
  try {
    answer = await commit(c, database, attempt, await work())
    return answer
  } finally {
    // An answered key is no longer claimed: then this does nothing.
    if (answer?.ok !== true) await releaseInD1(database, attempt)
  }
}

const commit = async (
  c: Context,
  database: D1Database,
  attempt: Attempt,
  done: Effect | Response,
): Promise<Response> => {
  if (done instanceof Response) return done
  const { status, body, repeatedBody = body, statements } = done
  const stored = await keepAnswer(status, repeatedBody)
  try {
    await database.batch([...rememberInD1(database, attempt, stored, Date.now()), ...statements])
  } catch (error) {
    const recalled = await recallFromD1(database, attempt, Date.now())
    if (recalled.kind === 'new') throw error
    // It happened, although the database said that it failed.
    const isOurs = recalled.kind === 'answered' && recalled.isOurs
    return isOurs ? c.json(body, status) : (repeated(c, recalled) ?? inProgress(c))
  }
  return c.json(body, status)
}

/** Somebody else has the key by now. */
const beaten = async (c: Context, database: D1Database, attempt: Attempt): Promise<Response> =>
  repeated(c, await recallFromD1(database, attempt, Date.now())) ?? inProgress(c)

/** The answer to a request that was seen before, none to a new one. */
const repeated = (c: Context, recalled: RecalledFromD1): Response | undefined => {
  switch (recalled.kind) {
    case 'new':
      return undefined
    case 'inProgress':
      return inProgress(c)
    case 'reused':
      return problem(c, 'idempotency_key_reused')
    case 'answered':
      return c.body(recalled.body, recalled.status as ContentfulStatusCode, {
        'content-type': 'application/json',
        ...replayed(true),
      })
  }
}

const inProgress = (c: Context): Response =>
  problem(c, 'request_in_progress', {
    detail: 'The same request is being handled. Repeat it in a second for its answer.',
    headers: { 'retry-after': '1' },
  })
