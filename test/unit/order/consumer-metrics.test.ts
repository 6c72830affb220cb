import { expect, it } from 'vitest'
import { refusal, success } from '../../../src/kernel/result.ts'
import { consumerSamples } from '../../../src/order/consumer-metrics.ts'

it('each consumer has its lag, and one that is blocked has none', () => {
  const consumers = [
    { name: 'ledger', feed: 'orders' as const },
    { name: 'warehouse', feed: 'products' as const, pausedAt: 1 },
  ]
  const lags = [success({ events: 3, seconds: 20 }), refusal('cursor_refused' as const)]
  const samples = consumerSamples(consumers, lags)
  expect(samples.map(({ name, ...rest }) => [name, rest])).toEqual([
    ['edge_orders_feed_consumer_blocked', { value: 0, labels: { consumer: 'ledger', feed: 'orders' } }],
    ['edge_orders_feed_consumer_paused', { value: 0, labels: { consumer: 'ledger', feed: 'orders' } }],
    ['edge_orders_feed_consumer_lag_events', { value: 3, labels: { consumer: 'ledger', feed: 'orders' } }],
    ['edge_orders_feed_consumer_lag_seconds', { value: 20, labels: { consumer: 'ledger', feed: 'orders' } }],
    ['edge_orders_feed_consumer_blocked', { value: 1, labels: { consumer: 'warehouse', feed: 'products' } }],
    ['edge_orders_feed_consumer_paused', { value: 1, labels: { consumer: 'warehouse', feed: 'products' } }],
  ])
})

it('consumers whose lag could not be read have no samples', () => {
  expect(consumerSamples([{ name: 'ledger', feed: 'orders' }], [])).toEqual([])
})
