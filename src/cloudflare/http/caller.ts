import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Caller } from '../../contracts/caller.ts'
import { hasBody } from './json-body.ts'
import { problem } from './problem.ts'
import { bodyOf } from './request-body.ts'
import type { TraceVariables } from './trace.ts'

export type CallerVariables = { caller: Caller }

/** The URL that the edge sends a request to, and the trace that it belongs to. */
type Forwarded = { url: string; traceparent: string }

/** The caller's request as an inner Worker gets it. Its body was already read and checked. */
export const requestToForward = async (c: Context, { url, traceparent }: Forwarded): Promise<Request> => {
  const headers = new Headers(c.req.raw.headers)
  headers.set('traceparent', traceparent)
  headers.delete('authorization')
  headers.delete(FORMER_CALLER_HEADER)
  headers.delete('content-length')
  const { method } = c.req
  if (!hasBody(method)) return new Request(url, { method, headers, redirect: 'manual' })
  const { text, mediaType } = await bodyOf(c)
  headers.delete('transfer-encoding')
  if (mediaType !== undefined) headers.set('content-type', mediaType)
  return new Request(url, { method, headers, body: text || null, redirect: 'manual' })
}

/** Beside its bindings, an inner Worker's app gets the caller that the edge verified. */
export type CallerBinding = { caller?: Caller }

/** Before the entrypoint `InternalApi` the edge named the caller in this header. No Worker trusts it any more. */
const FORMER_CALLER_HEADER = 'x-edge-caller'

/**
 * For inner Workers: sets the caller that the edge passed as an argument. An HTTP request has none, and its headers are
 * not trusted. A deployment replaces the Workers one by one: a request of the earlier edge gets 503, to be repeated.
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
