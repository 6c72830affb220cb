import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type Caller, callerSchema } from '../../contracts/caller.ts'
import { hasBody } from './json-body.ts'
import { problem } from './problem.ts'
import type { TraceVariables } from './trace.ts'

export type CallerVariables = { caller: Caller }

/** The edge says in this header whom it let in. Inner Workers have no address of their own that could be lied to. */
const CALLER_HEADER = 'x-edge-caller'

/** The caller's request as an inner Worker gets it. Its body was read already, to be checked. */
export const forwardAs = async (c: Context, caller: Caller, traceparent: string): Promise<Request> => {
  const headers = new Headers(c.req.raw.headers)
  headers.set(CALLER_HEADER, JSON.stringify(caller))
  headers.set('traceparent', traceparent)
  headers.delete('authorization')
  headers.delete('content-length')
  const { method } = c.req
  const body = hasBody(method) ? await c.req.text() : null
  return new Request(c.req.url, { method, headers, body: body || null, redirect: 'manual' })
}

/** For inner Workers: the caller that the edge verified. */
export const forwardedCaller = createMiddleware<{ Variables: CallerVariables & TraceVariables }>(
  async (c, next) => {
    const caller = parse(c.req.header(CALLER_HEADER))
    if (caller === undefined)
      return problem(c, 'unauthorized', { detail: 'This Worker is called by the edge alone.' })
    c.set('caller', caller)
    return await next()
  },
)

const parse = (header: string | undefined): Caller | undefined => {
  try {
    return callerSchema.parse(JSON.parse(header ?? ''))
  } catch {
    return undefined
  }
}
