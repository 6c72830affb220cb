import { expect, it } from 'vitest'
import { waterfallOf } from '../../../scripts/ops/order-trace.ts'

const span = (name: string, startMs: number, endMs: number) => ({
  ...{ traceId: '0'.repeat(32), spanId: '0'.repeat(16), name, kind: 1, attributes: [] },
  startTimeUnixNano: `${startMs}000000`,
  endTimeUnixNano: `${endMs}000000`,
})

const service = (name: string, ...spans: ReturnType<typeof span>[]) => ({
  resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
  scopeSpans: [{ scope: { name: 'edge-orders' }, spans }],
})

it('a trace is shown in the order of time, each bar where and as long as its share of the whole', () => {
  const orders = service('orders', span('order', 1_000, 1_080), span('confirmed', 1_060, 1_080))
  const trace = { resourceSpans: [orders, service('stock', span('reserved', 1_000, 1_040))] }
  expect(waterfallOf(trace)).toEqual([
    ['order', 'orders', '+0 ms', '80 ms', '█'.repeat(40)],
    ['reserved', 'stock', '+0 ms', '40 ms', '█'.repeat(20)],
    ['confirmed', 'orders', '+60 ms', '20 ms', `${' '.repeat(30)}${'█'.repeat(10)}`],
  ])
})

it('work that took no time is still seen', () => {
  const trace = { resourceSpans: [service('orders', span('order', 5, 5))] }
  expect(waterfallOf(trace)).toEqual([['order', 'orders', '+0 ms', '0 ms', '█']])
})
