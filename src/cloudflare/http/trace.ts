import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { readTraceparent } from '../../kernel/traceparent.ts'

/** A W3C trace context: the trace the caller is in, or a new one (w3.org/TR/trace-context). */
export type TraceVariables = { traceparent: string; traceId: string }

/** The trace of the request; undefined before the middleware has run. */
export const traceIdOf = (c: Context): string | undefined => c.get('traceId')

export const trace = createMiddleware<{ Variables: TraceVariables }>(async (c, next) => {
  const { traceId, flags } = readTraceparent(c.req.header('traceparent')) ?? newTrace()
  c.set('traceId', traceId)
  c.set('traceparent', `00-${traceId}-${randomHex(8)}-${flags}`)
  await next()
  c.header('traceparent', c.var.traceparent)
})

const newTrace = () => ({ traceId: randomHex(16), flags: '01' })

const randomHex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
