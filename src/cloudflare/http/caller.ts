import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Caller } from '../../contracts/caller.ts'
import { hasBody } from './json-body.ts'
import { problem } from './problem.ts'
import type { TraceVariables } from './trace.ts'

export type CallerVariables = { caller: Caller }

/** Where the edge sends a request, and in which trace. */
type Forwarded = { url: string; traceparent: string }

/** The caller's request as an inner Worker gets it. Its body was read already, to be checked. */
export const requestToForward = async (c: Context, { url, traceparent }: Forwarded): Promise<Request> => {
  const headers = new Headers(c.req.raw.headers)
  headers.set('traceparent', traceparent)
  headers.delete('authorization')
  headers.delete(FORMER_CALLER_HEADER)
  headers.delete('content-length')
  const { method } = c.req
  const body = hasBody(method) ? await c.req.text() : null
  return new Request(url, { method, headers, body: body || null, redirect: 'manual' })
}

/** What an inner Worker's app is given beside its bindings: whom the edge verified. */
export type CallerBinding = { caller?: Caller }

/** An edge from before the entrypoint `InternalApi` named the caller in this header. No Worker believes it any more. */
const FORMER_CALLER_HEADER = 'x-edge-caller'

/**
 * For inner Workers: the caller that the edge passed as an argument. An HTTP request has none, whatever its headers
 * say. One of an earlier edge, while a deployment replaces the Workers one by one, is told to come again.
 */
export const verifiedCaller = createMiddleware<{
  Bindings: CallerBinding
  Variables: CallerVariables & TraceVariables
}>(async (c, next) => {
  if (c.env.caller !== undefined) {
    c.set('caller', c.env.caller)
    return await next()
  }
  return c.req.header(FORMER_CALLER_HEADER) === undefined
    ? problem(c, 'unauthorized', { detail: 'This Worker is called by the edge alone.' })
    : problem(c, 'unavailable', { detail: 'A deployment is under way. Try again in some seconds.' })
})
