import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Operation } from '../../contracts/http/operation.ts'
import {
  type Attempt,
  claimInD1,
  type RecalledFromD1,
  recallFromD1,
  releaseInD1,
  rememberInD1,
  toStoredResponse,
} from '../d1-requests.ts'
import { badKey, keyedRequest, replayed } from './idempotency-key.ts'
import { type ProblemResponse, problem } from './problem.ts'
import type { BodyOf, ProblemOf, ResponseOf } from './serve.ts'

/** What a request leads to: the response, and the statements that make it true, all of them or none. */
type Effect = {
  status: ContentfulStatusCode
  body: object
  /** The body for a repeated request, where it leaves something out (a secret that is shown once). */
  repeatedBody?: object
  statements: readonly D1PreparedStatement[]
}

type EffectOf<Served extends Operation> = Effect & BodyOf<Served> & { repeatedBody?: BodyOf<Served>['body'] }

/** A refusal is a problem, and leaves the key free. */
type WorkOf<Served extends Operation> = () => Promise<EffectOf<Served> | ProblemResponse<ProblemOf<Served>>>

/** The client that sent the request, and the database that stores its effect. */
type Requester = { client: string; database: D1Database }

/** Any response of the operation, and the refusals of its idempotency key: `serve` checks that it lists them too. */
type RespondedOnce<Served extends Operation> =
  | ResponseOf<Served>
  | ProblemResponse<'validation_failed' | 'idempotency_key_reused' | 'request_in_progress'>

/**
 * Responds to a changing request whose effect is rows of a D1 database: once for each `Idempotency-Key`, however often
 * and however concurrently the request comes. The response is stored in the batch that has the effect, so that a crash
 * leaves both or neither. `work` reads and decides, and hands its statements over instead of running them. Of several
 * equal requests at once each may decide, one takes effect, and the others get its response. Without a key the
 * statements just run. The database has the table `requests` (workers/operations/migrations/0002_requests.sql) and,
 * where responses have large fields, `request_parts` (0005_request_parts.sql). It is not `workOnce`
 * (src/messaging/idempotent-work.ts), because D1 is asynchronous: another request may come between recalling a key and
 * remembering it, so the batch itself has to find out which request won.
 */
export const respondOnce = <Served extends Operation>(
  c: Context,
  requester: Requester,
  work: WorkOf<Served>,
): Promise<RespondedOnce<Served>> =>
  respond(c, requester, work, async (attempt) => commit(c, requester.database, attempt, await work()))

/**
 * The same for work that also reaches outside the database, such as a queue: only one of several equal requests runs
 * it. The others get 409 `request_in_progress` until that one has its response. A crash leaves the key claimed for a
 * minute. Then a repeated request does the work again, so it must be harmless to do the work twice.
 */
export const respondOnceClaimed = <Served extends Operation>(
  c: Context,
  requester: Requester,
  work: WorkOf<Served>,
): Promise<RespondedOnce<Served>> =>
  respond(c, requester, work, async (attempt) => {
    const isClaimed = await claimInD1(requester.database, attempt, Date.now())
    return isClaimed
      ? whileClaimed(c, requester.database, attempt, work)
      : onLostRace(c, requester.database, attempt)
  })

type Work = () => Promise<Effect | Response>

/** The one place that gives a response its operation's type: a stored response is text, made from such a body. */
const respond = async <Served extends Operation>(
  c: Context,
  { client, database }: Requester,
  work: WorkOf<Served>,
  keyed: (attempt: Attempt) => Promise<Response>,
): Promise<RespondedOnce<Served>> => {
  const request = await keyedRequest(c, client)
  if (!request.ok) return badKey(c, request.reason)
  const response =
    request.value === undefined
      ? await unkeyed(c, database, await work())
      : await firstOrRepeated(c, database, { ...request.value, attemptId: crypto.randomUUID() }, keyed)
  return response as ResponseOf<Served>
}

const unkeyed = async (c: Context, database: D1Database, done: Effect | Response): Promise<Response> => {
  if (done instanceof Response) return done
  if (done.statements.length > 0) await database.batch([...done.statements])
  return c.json(done.body, done.status)
}

const firstOrRepeated = async (
  c: Context,
  database: D1Database,
  attempt: Attempt,
  keyed: (attempt: Attempt) => Promise<Response>,
): Promise<Response> =>
  repeated(c, await recallFromD1(database, attempt, Date.now())) ?? (await keyed(attempt))

const whileClaimed = async (
  c: Context,
  database: D1Database,
  attempt: Attempt,
  work: Work,
): Promise<Response> => {
  let response: Response | undefined
  try {
    response = await commit(c, database, attempt, await work())
    return response
  } finally {
    // A key with a stored response is no longer claimed: then this does nothing.
    if (response?.ok !== true) await releaseInD1(database, attempt)
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
  const stored = await toStoredResponse(status, repeatedBody)
  try {
    await database.batch([...rememberInD1(database, attempt, stored, Date.now()), ...statements])
  } catch (error) {
    const recalled = await recallFromD1(database, attempt, Date.now())
    if (recalled.kind === 'new') throw error
    // The batch took effect, although the database reported a failure.
    const isOurs = recalled.kind === 'stored' && recalled.isOurs
    return isOurs ? c.json(body, status) : (repeated(c, recalled) ?? inProgress(c))
  }
  return c.json(body, status)
}

/** Another attempt has the key by now. */
const onLostRace = async (c: Context, database: D1Database, attempt: Attempt): Promise<Response> =>
  repeated(c, await recallFromD1(database, attempt, Date.now())) ?? inProgress(c)

/** The response to a request that was seen before; undefined for a new one. */
const repeated = (c: Context, recalled: RecalledFromD1): Response | undefined => {
  switch (recalled.kind) {
    case 'new':
      return undefined
    case 'inProgress':
      return inProgress(c)
    case 'reused':
      return problem(c, 'idempotency_key_reused')
    case 'stored':
      return c.body(recalled.body, recalled.status, {
        'content-type': 'application/json',
        ...replayed(true),
      })
  }
}

const inProgress = (c: Context): Response =>
  problem(c, 'request_in_progress', {
    detail: 'The same request is being handled. Repeat it in a second for its response.',
    headers: { 'retry-after': '1' },
  })
