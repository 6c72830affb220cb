import { createMiddleware } from 'hono/factory'
import { readTraceparent } from '../../kernel/traceparent.ts'
import { attribute, nanosecondsOf, sampledTrace } from '../../messaging/spans.ts'
import { createSpanExport } from '../otlp-export.ts'
import { keepAlive } from './keep-alive.ts'
import type { TraceVariables } from './trace.ts'

const SERVER = 2

/** Sends the span of the request to the OpenTelemetry receiver, after the response. Without a receiver it does nothing. */
export const exportSpan = (service: string) =>
  createMiddleware<{ Bindings: object; Variables: TraceVariables }>(async (c, next) => {
    const spans = createSpanExport(c.env, service)
    const trace = spans && sampledTrace(c.var.traceparent)
    if (spans === undefined || trace === undefined) return await next()
    const startedAt = spans.now()
    await next()
    const caller = sampledTrace(readTraceparent(c.req.header('traceparent'))?.traceparent)
    spans.add([
      {
        ...trace,
        ...(caller !== undefined && { parentSpanId: caller.spanId }),
        name: c.req.method,
        kind: SERVER,
        ...nanosecondsOf({ startedAt, endedAt: spans.now() }),
        attributes: [
          attribute('http.request.method', c.req.method),
          attribute('url.path', c.req.path),
          attribute('http.response.status_code', String(c.res.status)),
        ],
      },
    ])
    keepAlive(c, spans.send())
  })
