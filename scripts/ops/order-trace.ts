import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import type { Report } from './command.ts'

type Trace = components['schemas']['Trace']
type Span = components['schemas']['Span']

/** An order's spans as a waterfall of text. The response is the trace in the JSON of OTLP. */
export const traceOf = async (api: Client, orderId: string): Promise<Report> => {
  const response = await orThrow(api.GET('/orders/{orderId}/trace', { params: { path: { orderId } } }))
  return {
    rows: waterfallOf(response),
    note: 'With --json: OTLP, to be posted to /v1/traces of an OpenTelemetry receiver.',
    response,
  }
}

/** Characters of the longest bar. */
const WIDTH = 40

const NANOSECONDS_PER_MS = 1_000_000n

const msOf = (nanoseconds: string): number => Number(BigInt(nanoseconds) / NANOSECONDS_PER_MS)

/** A row for each span, by its start: name, service, milliseconds after the request, length, and a bar of its share of the time. */
export const waterfallOf = ({ resourceSpans }: Trace): string[][] => {
  const spans = resourceSpans
    .flatMap(({ resource, scopeSpans }) => {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? ''
      return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ service, span, ...timesOf(span) })))
    })
    .toSorted((one, other) => one.from - other.from)
  const start = Math.min(...spans.map(({ from }) => from))
  const whole = Math.max(1, ...spans.map(({ to }) => to - start))
  const columnsOf = (ms: number) => Math.round((WIDTH * ms) / whole)
  return spans.map(({ service, span, from, to }) => [
    ...[span.name, service, `+${from - start} ms`, `${to - from} ms`],
    `${' '.repeat(columnsOf(from - start))}${'█'.repeat(Math.max(1, columnsOf(to - from)))}`,
  ])
}

const timesOf = ({ startTimeUnixNano, endTimeUnixNano }: Span) => ({
  from: msOf(startTimeUnixNano),
  to: msOf(endTimeUnixNano),
})
