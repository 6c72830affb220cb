import type { DomainEvent } from '../contracts/events.ts'
import type { Span } from '../contracts/http/trace.ts'
import type { Instant } from '../kernel/instant.ts'
import { spanIdOf } from '../kernel/span-id.ts'
import { readTraceparent } from '../kernel/traceparent.ts'

/*
 * Spans of the work of Workers, for an OpenTelemetry receiver. Their ids follow from the ids of events, so no id travels
 * beside the event's `traceparent` and `causationid`: the span of the cause is known by its name.
 */

/** Where spans go. Nothing waits for it. */
export type SpanExport = { add(spans: readonly Span[]): void; now(): Instant }

/** Kinds of spans in OTLP. */
const CLIENT = 3
const CONSUMER = 5

type Times = { startedAt: Instant; endedAt: Instant }

/** One span for each event of a batch whose trace is sampled. Those of one batch are linked to the first of them. */
export const handledSpans = (consumer: string, events: readonly DomainEvent[], times: Times): Span[] => {
  const spans = events.flatMap((event) => handledSpan(consumer, event, times) ?? [])
  const [first] = spans
  if (first === undefined) return []
  const links = [{ traceId: first.traceId, spanId: first.spanId }]
  return spans.map((span) => (span === first ? span : { ...span, links }))
}

const handledSpan = (consumer: string, event: DomainEvent, times: Times): Span | undefined => {
  const trace = sampledTrace(event.traceparent)
  if (trace === undefined) return undefined
  return {
    traceId: trace.traceId,
    spanId: handledId(consumer, event.id),
    parentSpanId: parentOf(event, trace.spanId),
    name: `process ${event.type}`,
    kind: CONSUMER,
    ...nanosecondsOf(times),
    attributes: [
      attribute('edge_orders.order_id', event.subject),
      attribute('messaging.system', 'cloudflare_queues'),
      attribute('messaging.message.id', event.id),
    ],
  }
}

/** The call of the bank that an event made necessary. */
export const bankSpan = (event: DomainEvent, operation: string, outcome: string, times: Times): Span[] => {
  const trace = sampledTrace(event.traceparent)
  if (trace === undefined) return []
  return [
    {
      traceId: trace.traceId,
      spanId: spanIdOf(`bank/${event.id}/${operation}/${times.startedAt}`),
      parentSpanId: handledId('payment', event.id),
      name: `bank ${operation}`,
      kind: CLIENT,
      ...nanosecondsOf(times),
      attributes: [
        attribute('edge_orders.order_id', event.subject),
        attribute('edge_orders.bank.outcome', outcome),
      ],
    },
  ]
}

const handledId = (consumer: string, eventId: string): string => spanIdOf(`${consumer}/${eventId}`)

/**
 * The publisher of an event has handled its cause. The cause of a placement lies outside the system: it is below the
 * request that placed the order, as everything without a cause is.
 */
const parentOf = ({ type, source, causationid }: DomainEvent, requestSpanId: string): string =>
  causationid === undefined || type === 'OrderPlaced'
    ? requestSpanId
    : handledId(source.replace('/', ''), causationid)

/** Undefined where the caller does not want the trace to be recorded. */
export const sampledTrace = (traceparent: unknown): { traceId: string; spanId: string } | undefined => {
  const trace = readTraceparent(traceparent)
  if (trace === undefined || (Number.parseInt(trace.flags, 16) & 1) === 0) return undefined
  return { traceId: trace.traceId, spanId: trace.traceparent.split('-')[2] ?? '' }
}

export const nanosecondsOf = ({ startedAt, endedAt }: Times) => ({
  startTimeUnixNano: `${startedAt}000000`,
  endTimeUnixNano: `${endedAt}000000`,
})

export const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
