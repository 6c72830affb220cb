import { afterEach, expect, it, vi } from 'vitest'
import { createSpanExport } from '../../../src/cloudflare/otlp-export.ts'
import { handledSpans } from '../../../src/messaging/spans.ts'
import { NOW, orderPlacedEvent } from '../../support/builders.ts'

const ENDPOINT = 'https://otel.test/base/'
const traceparent = `00-${'a'.repeat(32)}-00f067aa0ba902b7-01`
const SPANS = handledSpans('order', [{ ...orderPlacedEvent(), traceparent }], {
  startedAt: NOW,
  endedAt: NOW,
})

afterEach(() => vi.unstubAllGlobals())

const stubFetch = (respond: () => Promise<Response>) => {
  const stub = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(respond)
  vi.stubGlobal('fetch', stub)
  return stub
}

it.each([{}, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel.test' }])(
  'exports nothing under %j',
  (env) => {
    expect(createSpanExport(env, 'edge-orders')).toBeUndefined()
  },
)

it('sends the spans of an invocation together, with the headers of the secret', async () => {
  const sent = stubFetch(async () => new Response('{}'))
  const headers = 'authorization=Bearer%20k%3D1, x-team=a'
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: headers }
  const spans = createSpanExport(env, 'edge-orders')
  spans?.add(SPANS)
  spans?.add(SPANS)
  await spans?.send()
  expect(sent).toHaveBeenCalledTimes(1)
  const [url, init] = sent.mock.calls[0] ?? []
  expect([url, init?.headers]).toEqual([
    'https://otel.test/base/v1/traces',
    { authorization: 'Bearer k=1', 'x-team': 'a', 'content-type': 'application/json' },
  ])
  expect(JSON.parse(String(init?.body)).resourceSpans[0].scopeSpans[0].spans).toHaveLength(2)
})

it('sends nothing where there is no span', async () => {
  const sent = stubFetch(async () => new Response('{}'))
  await createSpanExport({ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, 'edge-orders')?.send()
  expect(sent).not.toHaveBeenCalled()
})

it.each([
  ['cannot be reached', () => Promise.reject(new Error('connection refused'))],
  ['responds 500', async () => new Response('no', { status: 500 })],
])('drops the spans, once and in silence, where the receiver %s', async (_, respond) => {
  const sent = stubFetch(respond)
  const spans = createSpanExport({ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, 'edge-orders')
  spans?.add(SPANS)
  await expect(spans?.send()).resolves.toBeUndefined()
  expect(sent).toHaveBeenCalledTimes(1)
})
