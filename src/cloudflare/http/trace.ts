import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { hexOf } from '../../kernel/hex.ts'
import { readTraceparent } from '../../kernel/traceparent.ts'
import { responseHeaders } from './response-headers.ts'

/** A W3C trace context: the trace the caller is in, or a new one (w3.org/TR/trace-context). */
export type TraceVariables = { traceparent: string; traceId: string }

/** The trace of the request; undefined before the middleware has run. */
export const traceIdOf = (c: Context): string | undefined => c.get('traceId')

export const trace = createMiddleware<{ Variables: TraceVariables }>(async (c, next) => {
  const random = hexOf(crypto.getRandomValues(new Uint8Array(TRACE_BYTES + SPAN_BYTES)))
  const { traceId, flags } = readTraceparent(c.req.header('traceparent')) ?? {
    traceId: random.slice(2 * SPAN_BYTES),
    flags: '01',
  }
  const traceparent = `00-${traceId}-${random.slice(0, 2 * SPAN_BYTES)}-${flags}`
  c.set('traceId', traceId)
  c.set('traceparent', traceparent)
  await next()
  responseHeaders(c).set('traceparent', traceparent)
})

const TRACE_BYTES = 16
const SPAN_BYTES = 8
