import { describe, expect, it } from 'vitest'
import type { Span } from '../../../src/contracts/http/trace.ts'
import type { PublicEvent } from '../../../src/contracts/public-event.ts'
import { traceOf } from '../../../src/order/order-trace.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`

const event = (
  type: string,
  source: string,
  ms: number,
  changes: Partial<PublicEvent> = {},
): PublicEvent => ({
  specversion: '1.0',
  id: `ord_1/${type}`,
  source,
  type,
  schemaversion: 1,
  subject: 'ord_1',
  time: new Date(Date.UTC(2026, 10, 23) + ms).toISOString(),
  revision: 1,
  hops: 0,
  traceparent: TRACEPARENT,
  data: {},
  ...changes,
})

const caused = (causationid: string) => ({ causationid: `ord_1/${causationid}` })

const PLACED = event('OrderPlaced', '/order', 0)
const SETTLED_ORDER = [
  PLACED,
  event('StockReserved', '/inventory', 39, caused('OrderPlaced')),
  event('PaymentAuthorized', '/payment', 83, caused('OrderPlaced')),
  event('OrderConfirmed', '/order', 90, caused('PaymentAuthorized')),
  event('StockCommitted', '/inventory', 98, caused('OrderConfirmed')),
  event('PaymentCaptured', '/payment', 111, caused('OrderConfirmed')),
  event('OrderSettled', '/order', 119),
] as const

const spansOf = (...events: readonly [PublicEvent, ...PublicEvent[]]): (Span & { service: string })[] =>
  traceOf(events).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, service: resource.attributes[0]?.value.stringValue ?? '' })),
    ),
  )

const ms = (span: Span) =>
  [span.startTimeUnixNano, span.endTimeUnixNano].map(
    (nano) => Number(BigInt(nano) / 1_000_000n) - Date.UTC(2026, 10, 23),
  )

describe('a settled order', () => {
  const spans = spansOf(...SETTLED_ORDER)
  const nameOf = (spanId: string | undefined) => spans.find((span) => span.spanId === spanId)?.name

  it('is one connected trace: each span is below the event that caused it', () => {
    expect(spans.map(({ name, parentSpanId }) => `${name} < ${nameOf(parentSpanId)}`).sort()).toEqual(
      [
        'order < undefined',
        'OrderPlaced < order',
        'StockReserved < OrderPlaced',
        'PaymentAuthorized < OrderPlaced',
        'OrderConfirmed < PaymentAuthorized',
        'StockCommitted < OrderConfirmed',
        'PaymentCaptured < OrderConfirmed',
        'OrderSettled < PaymentCaptured',
      ].sort(),
    )
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]))
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
  })

  it('has the spans of all three services, from cause to effect', () => {
    expect(Object.fromEntries(spans.map((span) => [`${span.service}: ${span.name}`, ms(span)]))).toEqual({
      'edge-orders: order': [0, 119],
      'edge-orders: OrderPlaced': [0, 0],
      'edge-orders-inventory: StockReserved': [0, 39],
      'edge-orders-payment: PaymentAuthorized': [0, 83],
      'edge-orders: OrderConfirmed': [83, 90],
      'edge-orders-inventory: StockCommitted': [90, 98],
      'edge-orders-payment: PaymentCaptured': [90, 111],
      'edge-orders: OrderSettled': [111, 119],
    })
  })

  it('hangs below the request that placed it', () => {
    expect(spans.find(({ name }) => name === 'order')?.spanId).toBe('00f067aa0ba902b7')
  })
})

it('what another request caused is linked to the trace of that request', () => {
  const other = 'a'.repeat(32)
  const traceparent = `00-${other}-bbbbbbbbbbbbbbbb-01`
  const spans = spansOf(PLACED, event('OrderCancelled', '/order', 5_000, { traceparent }))
  expect(spans.find(({ name }) => name === 'OrderCancelled')).toMatchObject({
    traceId: TRACE,
    links: [{ traceId: other, spanId: 'bbbbbbbbbbbbbbbb' }],
  })
})

it('an event that its cause seems to follow, by another clock, has a span without length', () => {
  const spans = spansOf(PLACED, event('StockReserved', '/inventory', -4, caused('OrderPlaced')))
  expect(spans.filter(({ name }) => name === 'StockReserved').map(ms)).toEqual([[-4, -4]])
})

it('an order without a trace gets one, the same in each call', () => {
  const { traceparent: _none, ...untraced } = PLACED
  const [first] = spansOf(untraced)
  expect(first).toEqual(spansOf(untraced)[0])
  expect(first?.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(first?.spanId).toMatch(/^[0-9a-f]{16}$/)
})
