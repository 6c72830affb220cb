import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonResponse, operation } from './operation.ts'
import { orderParam } from './parameters.ts'

const attributesSchema = z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))

const traceId = z.string().regex(/^[0-9a-f]{32}$/)
const spanId = z.string().regex(/^[0-9a-f]{16}$/)
const unixNano = z.string().regex(/^\d+$/).meta({ description: 'Nanoseconds since 1970.' })

const spanSchema = z
  .object({
    traceId,
    spanId,
    parentSpanId: spanId.optional(),
    name: z.string(),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: unixNano,
    endTimeUnixNano: unixNano,
    attributes: attributesSchema,
    links: z.array(z.object({ traceId, spanId })).optional(),
  })
  .meta({ id: 'Span' })

export type Span = z.infer<typeof spanSchema>

/** Spans in the JSON of OTLP, grouped by the service that they belong to. */
const traceSchema = z
  .object({
    resourceSpans: z.array(
      z.object({
        resource: z.object({ attributes: attributesSchema }),
        scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(spanSchema) })),
      }),
    ),
  })
  .meta({ id: 'Trace' })

export type Trace = z.infer<typeof traceSchema>

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

const traceExample: Trace = {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'edge-orders-inventory')] },
      scopeSpans: [
        {
          scope: { name: 'edge-orders' },
          spans: [
            {
              traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
              spanId: '53995c3f42cd8ad8',
              parentSpanId: '00f067aa0ba902b7',
              name: 'StockReserved',
              kind: 5,
              startTimeUnixNano: '1795780800000000000',
              endTimeUnixNano: '1795780800039000000',
              attributes: [text('messaging.message.id', 'ord_0_01kb/StockReserved')],
            },
          ],
        },
      ],
    },
  ],
}

export const getOrderTrace = operation({
  scope: 'orders:read',
  problems: ['order_not_found'],
  route: createRoute({
    operationId: 'getOrderTrace',
    tags: ['Orders'],
    summary: "Read an order's trace",
    description:
      'As OTLP JSON, to be posted to `/v1/traces` of any OpenTelemetry receiver. No span is stored: each event of the order is a span, from the time of the event that caused it to its own time. So a span has the wait in the queue, and the work up to its event. The ids of spans follow from the ids of events: a trace that is read or posted twice has the same spans.',
    method: 'get',
    path: '/orders/{orderId}/trace',
    request: { params: orderParam },
    responses: { 200: jsonResponse(traceSchema, "The order's trace", { example: traceExample }) },
  }),
})
