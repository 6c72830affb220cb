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

const MINUTE = {
  at: toTimestamp(NOW),
  ...{ placed: 0, confirmed: 0, rejected: 0, cancelled: 0, pending: 0, deadLetters: 0 },
  ...{ bankCalls: 0, bankFailures: 0 },
  oldestMessageSeconds: { inventory: 0, payment: 0, operations: 0 },
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
    ['edge_orders_webhook_failing_seconds{webhook="wh_1"} 30', '/console/webhooks/wh_1'],
    ['edge_orders_feed_consumer_blocked{consumer="ledger"} 1', '/console/health#consumers'],
    [backlogOf(400), '/console/health'],
  ])('leads from %s to %s', (metrics, href) => {
    expect(found(metrics).map((finding) => finding.href)).toEqual([href])
  })

  it.each([
    ['three failures of one payment', [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], undefined],
    ['a tenth of the calls', [20, 20, 20, 20, 20], [2, 2, 2, 2, 2], undefined],
    ['more than a tenth', [20, 20, 20, 20, 20], [2, 2, 2, 2, 3], 'warn'],
    ['all calls', [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], 'bad'],
  ])('is the bank where it fails, by the rule of the alert: %s', (_, calls, failures, tone) => {
    const minutes = calls.map((bankCalls, index) => ({
      ...MINUTE,
      bankCalls,
      bankFailures: failures[index] ?? 0,
    }))
    const findings = findingsOf({ ...measured(''), minutes }, { readiness: READY, pauses: [] })
    expect(findings.map((finding) => finding.tone)).toEqual(tone === undefined ? [] : [tone])
  })

  it.each([
    ['the first failure', [1, 1, 0, 1, 2, 1], [0, 0, 0, 1, 2, 1], 'since 14:03 UTC'],
    [
      'the first failure after the last minute that was well',
      [4, 4, 4, 4, 0, 4],
      [4, 4, 0, 4, 0, 4],
      'since 14:03 UTC',
    ],
    [
      'the failures before the bank was well again',
      [4, 4, 4, 4, 4, 4],
      [0, 0, 4, 4, 0, 0],
      'since 14:02 UTC',
    ],
    ['the whole hour', [1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], 'for an hour or longer'],
  ])('says since when the bank fails, by %s', (_, calls, failures, since) => {
    const minutes = calls.map((bankCalls, minute) => ({
      ...MINUTE,
      ...{ at: `2026-11-23T14:0${minute}:00.000Z`, bankCalls, bankFailures: failures[minute] ?? 0 },
    }))
    const findings = findingsOf({ ...measured(''), minutes }, { readiness: READY, pauses: [] })
    expect(findings).toMatchObject([
      { says: expect.stringMatching(new RegExp(`^The bank fails: .*, ${since}$`)) },
    ])
  })

  it('is no bank that failed longer ago than five minutes', () => {
    const failing = { ...MINUTE, bankCalls: 9, bankFailures: 9 }
    const minutes = [failing, ...Array.from({ length: 5 }, () => MINUTE)]
    expect(findingsOf({ ...measured(''), minutes }, { readiness: READY, pauses: [] })).toEqual([])
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
