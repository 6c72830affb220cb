import { createMiddleware } from 'hono/factory'
import { knownQueryOf, type Operation } from '../../contracts/http/operation.ts'
import { jsonPointer } from '../../contracts/json-pointer.ts'
import { faultyProblem, UNKNOWN_FIELD } from './problem.ts'

/**
 * Refuses every query parameter except those of the call. Otherwise a caller could believe that a misspelt parameter had
 * an effect. The response does not repeat its value, which may be a secret.
 */
export const requireKnownQuery = (call: Operation) => {
  const known = knownQueryOf(call)
  return createMiddleware(async (c, next) => {
    if (known === undefined) return await next()
    const unknown = Object.keys(c.req.queries()).filter((name) => !known.includes(name))
    if (unknown.length === 0) return await next()
    const faults = unknown.map((name) => ({ path: jsonPointer([name]), message: UNKNOWN_FIELD }))
    return faultyProblem(c, 'validation_failed', faults)
  })
}
