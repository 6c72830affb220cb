import type { Span, Trace } from '../contracts/http/trace.ts'
import type { PublicEvent } from '../contracts/public-event.ts'
import { spanIdOf, traceIdFor } from '../kernel/span-id.ts'
import { readTraceparent } from '../kernel/traceparent.ts'
import { attribute } from '../messaging/spans.ts'

/*
 * The trace of an order, made from its events. The first span is the request that placed the order, up to the last event.
 * Every event is a span below the event that caused it: from the time of its cause to its own time.
 */

/** Kinds of spans in OTLP. */
const INTERNAL = 1
const SERVER = 2
const CONSUMER = 5

/** The `service.name` of what publishes under this source: the name of its Worker. */
const SERVICES: Readonly<Record<string, string>> = {
  '/order': 'edge-orders',
  '/inventory': 'edge-orders-inventory',
  '/payment': 'edge-orders-payment',
}
const ORDER_SERVICE = 'edge-orders'

/** An order has at least the event of its placement. */
type OrderEvents = readonly [placed: PublicEvent, ...later: PublicEvent[]]

export const traceOf = (events: OrderEvents): Trace => {
  const [placed, ...later] = events
  const root = rootSpan(placed, later.at(-1) ?? placed)
  const spans = events.map((event, index) => ({
    service: SERVICES[event.source] ?? ORDER_SERVICE,
    span: spanOf(event, events.slice(0, index), root),
  }))
  const byService = Map.groupBy([{ service: ORDER_SERVICE, span: root }, ...spans], ({ service }) => service)
  return {
    resourceSpans: Array.from(byService, ([service, group]) => ({
      resource: { attributes: [attribute('service.name', service)] },
      scopeSpans: [{ scope: { name: 'edge-orders' }, spans: group.map(({ span }) => span) }],
    })),
  }
}

/** It has the ids that the request's own trace gave it. An order without a trace gets ids that follow from its id. */
const rootSpan = (placed: PublicEvent, last: PublicEvent): Span => {
  const [, traceId = '', spanId = ''] = readTraceparent(placed.traceparent)?.traceparent.split('-') ?? []
  return {
    traceId: traceId || traceIdFor(placed.subject),
    spanId: spanId || spanIdOf(placed.subject),
    name: 'order',
    kind: SERVER,
    startTimeUnixNano: nanoseconds(placed.time),
    endTimeUnixNano: nanoseconds(last.time > placed.time ? last.time : placed.time),
    attributes: [attribute('edge_orders.order_id', placed.subject)],
  }
}

/**
 * Below its cause or, where that is none of the order's events, below the event before it. The clocks of services differ:
 * no span begins after its end.
 */
const spanOf = (event: PublicEvent, before: readonly PublicEvent[], root: Span): Span => {
  const cause = before.find(({ id }) => id === event.causationid) ?? before.at(-1)
  const since = cause !== undefined && cause.time < event.time ? cause.time : event.time
  const links = linksOf(event, root)
  return {
    traceId: root.traceId,
    spanId: spanIdOf(event.id),
    parentSpanId: cause === undefined ? root.spanId : spanIdOf(cause.id),
    name: event.type,
    kind: event.source === '/order' ? INTERNAL : CONSUMER,
    startTimeUnixNano: nanoseconds(since),
    endTimeUnixNano: nanoseconds(event.time),
    attributes: [
      attribute('edge_orders.order_id', event.subject),
      attribute('messaging.system', 'cloudflare_queues'),
      attribute('messaging.message.id', event.id),
    ],
    ...(links.length > 0 && { links }),
  }
}

/** What another request caused, such as a cancellation, is linked to the trace of that request. */
const linksOf = (event: PublicEvent, root: Span): { traceId: string; spanId: string }[] => {
  const own = readTraceparent(event.traceparent)
  if (own === undefined || own.traceId === root.traceId) return []
  return [{ traceId: own.traceId, spanId: own.traceparent.split('-')[2] ?? '' }]
}

const nanoseconds = (timestamp: string): string => `${Date.parse(timestamp)}000000`
