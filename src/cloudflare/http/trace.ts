import { createMiddleware } from 'hono/factory'

/** A W3C trace context: the trace the caller is in, or a new one (w3.org/TR/trace-context). */
export type TraceVariables = { traceparent: string; traceId: string }

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/

export const trace = createMiddleware<{ Variables: TraceVariables }>(async (c, next) => {
  const [, given, flags = '01'] = TRACEPARENT.exec(c.req.header('traceparent') ?? '') ?? []
  const isUsable = given !== undefined && !/^0+$/.test(given)
  const traceId = isUsable ? given : randomHex(16)
  c.set('traceId', traceId)
  c.set('traceparent', `00-${traceId}-${randomHex(8)}-${flags}`)
  await next()
  c.header('traceparent', c.var.traceparent)
})

const randomHex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
