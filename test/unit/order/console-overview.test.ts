import { describe, expect, it } from 'vitest'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { readMetrics } from '../../../workers/order/edge/console/metrics-reading.ts'
import { findingsOf } from '../../../workers/order/edge/console/overview/attention.tsx'
import { Pipeline } from '../../../workers/order/edge/console/overview/pipeline.tsx'
import { NOW } from '../../support/builders.ts'

const READY = {
  ready: true,
  workers: {
    order: { ready: true, problems: [] },
    inventory: { ready: true, problems: [] },
    payment: { ready: true, problems: [] },
    operations: { ready: true, problems: [] },
  },
}

const measured = (metrics: string) => ({ reading: readMetrics(metrics), minutes: [], now: NOW })

const backlogOf = (seconds: number): string => `
edge_orders_queue_messages{queue="payment-inbox"} 3
edge_orders_queue_oldest_message_seconds{queue="payment-inbox"} ${seconds}
`

const found = (metrics: string) => findingsOf(measured(metrics), { readiness: READY, pauses: [] })

describe('what needs a person', () => {
  it('is nothing in a system at rest', () => {
    expect(
      found('edge_orders_worker_up{worker="order"} 1\nedge_orders_orders_stuck{partition="orders-0"} 0\n'),
    ).toEqual([])
  })

  it.each([
    ['edge_orders_orders_stuck{partition="orders-0"} 2', '/console/orders?stuck=true'],
    ['edge_orders_oldest_pending_order_seconds{partition="orders-0"} 61', '/console/orders?status=pending'],
    ['edge_orders_dead_letters_open{queue="payment-inbox",reason="invalid"} 1', '/console/dead-letters'],
    ['edge_orders_worker_up{worker="payment"} 0', '/console/health'],
    ['edge_orders_partition_up{partition="orders-0"} 0', '/console/health'],
    [
      'edge_orders_bank_failing_seconds{bank="stripe",partition="payments-0"} 30',
      '/console/payments?status=pending',
    ],
    ['edge_orders_webhook_failing_seconds{webhook="wh_1"} 30', '/console/webhooks/wh_1'],
    ['edge_orders_feed_consumer_blocked{consumer="ledger"} 1', '/console/feed/consumers/ledger'],
    [backlogOf(400), '/console/health'],
  ])('leads from %s to %s', (metrics, href) => {
    expect(found(metrics).map((finding) => finding.href)).toEqual([href])
  })

  it('names a failing bank once, and since when, whatever the number of partitions that see it', () => {
    const metrics = [
      `edge_orders_bank_failing_seconds{bank="stripe",partition="payments-0"} 30`,
      `edge_orders_bank_failing_seconds{bank="stripe",partition="payments-1"} 600`,
    ].join('\n')
    const since = toTimestamp(NOW - 600_000).slice(11, 16)
    expect(found(metrics)).toMatchObject([
      { tone: 'bad', says: `The bank stripe fails for 10 min, since ${since} UTC` },
    ])
  })

  it('is no bank that answers', () => {
    expect(found('edge_orders_bank_failing_seconds{bank="stripe",partition="payments-0"} 0')).toEqual([])
  })

  it('names the Workers that are not ready', () => {
    const payment = { ready: false, problems: ['BANK is missing'] }
    const readiness = { ready: false, workers: { ...READY.workers, payment } }
    expect(findingsOf(measured(''), { readiness, pauses: [] })).toEqual([
      { tone: 'bad', says: 'Not ready: payment', href: '/console/health' },
    ])
  })
})

it('names what is paused, since when and why', () => {
  const pauses = [
    { productId: 'P001', reason: 'Recalled.', client: 'support', at: toTimestamp(NOW - 120_000) },
    { reason: 'A move.', client: 'support', at: toTimestamp(NOW - 60_000) },
  ]
  expect(findingsOf(measured(''), { readiness: READY, pauses }).map(({ says }) => says)).toEqual([
    'New orders with P001 are paused for 2 min: Recalled.',
    'New orders are paused for 1 min: A move.',
  ])
})

describe('an arrow of the pipeline', () => {
  it.each([
    [0, 'arrow good', 'oldest 0 s'],
    [59, 'arrow good', 'oldest 59 s'],
    [60, 'arrow warn', 'slow, oldest 1 min'],
    [300, 'arrow bad', 'stands, oldest 5 min'],
  ])('whose oldest message waits for %i s is %s and says so', (seconds, tone, says) => {
    const picture = String(Pipeline(measured(backlogOf(seconds))))
    expect(picture).toContain(`class="${tone}"`)
    expect(picture).toContain(`aria-label="payment-inbox: 3 waiting, ${says}"`)
  })
})
