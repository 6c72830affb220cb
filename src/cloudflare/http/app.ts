import { OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { contradictionIn } from '../../messaging/fixed-setting.ts'
import type { Log } from '../../messaging/partition.ts'
import { UNANSWERED } from '../witness.ts'
import { problem } from './problem.ts'
import { traceIdOf } from './trace.ts'

/** Routes for an app to take in with `app.route`. Their errors are that app's: with a handler of errors of its own each route would be wrapped. */
export const createRoutes = <E extends Env>(): OpenAPIHono<E> => new OpenAPIHono<E>()

/** A Hono app that answers every error with one of our problems. */
export const createApp = <E extends Env>(log: Log): OpenAPIHono<E> => {
  const app = createRoutes<E>()
  app.notFound((c) =>
    problem(c, 'not_found', { detail: `${c.req.method} ${c.req.path} is not part of the API.` }),
  )
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 400) {
      return problem(c, 'malformed_json', { detail: error.message })
    }
    log('error', 'request failed', {
      method: c.req.method,
      path: c.req.path,
      traceId: traceIdOf(c),
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    const contradiction = contradictionIn(error)
    if (contradiction !== undefined) return problem(c, 'misconfigured', { detail: contradiction })
    if (isTransient(error)) {
      return problem(c, 'unavailable', { detail: 'Try again; with an idempotency key it is safe.' })
    }
    return problem(c, 'internal_error', {
      detail: 'No data is known to be lost. Give the operators this trace id.',
    })
  })
  return app
}

/**
 * Transient errors of the platform that have no property to tell them by. “internal error” means a failed commit. “does
 * not implement” means that a Durable Object still runs an earlier version, for a moment during a deployment.
 */
const TRANSIENT =
  /^D1_ERROR|^internal error|does not implement the method|database is locked|SQLITE_(?:BUSY|FULL|READONLY|IOERR)/i

/**
 * A part of the platform was away for a moment: a database, or a Durable Object that moved or is overloaded. Or a file is
 * locked, full or read-only, which passes too: after that, the same request is carried out.
 */
const isTransient = (error: Error): boolean =>
  'overloaded' in error ||
  'retryable' in error ||
  'durableObjectReset' in error ||
  TRANSIENT.test(error.message) ||
  error.message.includes(UNANSWERED)
