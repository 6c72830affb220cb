import { describe, expect, it } from 'vitest'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { success } from '../../../src/kernel/result.ts'
import type { Period } from '../../../src/messaging/minutes.ts'
import { lastDayOf, lastHourOf } from '../../../src/order/order-history.ts'
import type { Api } from '../../../workers/order/edge/console/api.ts'
import { readMetrics } from '../../../workers/order/edge/console/metrics-reading.ts'
import { findingsOf } from '../../../workers/order/edge/console/overview/attention.tsx'
import { Pipeline } from '../../../workers/order/edge/console/overview/pipeline.tsx'
import { readOverview } from '../../../workers/order/edge/console/pages/overview.tsx'
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

describe('the last 24 hours', () => {
  const lastAt = Date.parse('2026-11-23T14:10:00.000Z')
  const minuteAt = (time: string) => Date.parse(`2026-11-23T${time}:00.000Z`) / 60_000

  const shownOf = async (search: string, halfHours: Period[]) => {
    const parts = { partitions: [{ minutes: [], halfHours, pending: 0 }], letters: [] }
    const responses: Record<string, unknown> = {
      '/metrics/history': { minutes: lastHourOf(parts, lastAt), unread: [] },
      '/metrics/day': { halfHours: lastDayOf(parts, lastAt), unread: [] },
      '/readyz': READY,
    }
    const api = {
      text: async () => success(''),
      read: async (_call: unknown, path: string) => success(responses[path] ?? { items: [] }),
    } as unknown as Api
    const { body } = await readOverview({ api, query: new URLSearchParams(search), now: lastAt })
    return String(body)
  }

  const counted = (time: string, counts: Record<string, number>, buckets: number[] = []) => ({
    ...{ minute: minuteAt(time), counts, buckets, peaks: {} },
  })

  it('say when it was worst, and lead to the orders of a half hour', async () => {
    const slow = [0, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    const text = await shownOf('range=day', [
      counted('02:30', { placed: 4, confirmed: 3, rejected: 1 }, slow),
      counted('13:00', { placed: 1, confirmed: 1 }, [1]),
    ])
    expect(text).toContain('5 in the last 24 hours')
    expect(text).toContain('80.0 %')
    expect(text).toContain('p95 ≤ 100 ms; at 02:30 UTC ≤ 5 min')
    expect(text).toContain(
      'href="/console/orders?placedAfter=2026-11-23T02%3A30%3A00.000Z&amp;placedBefore=2026-11-23T03%3A00%3A00.000Z&amp;status=rejected"',
    )
    expect(text.indexOf('>13:00<')).toBeLessThan(text.indexOf('>02:30<'))
    expect(text).toContain('Nothing was counted before 02:30 UTC.')
  })

  it('mark a half hour whose success is far below that of the day', async () => {
    const text = await shownOf('range=day', [
      counted('02:30', { confirmed: 90, rejected: 10 }),
      counted('03:00', { confirmed: 7, rejected: 3 }),
    ])
    expect(/class="status warn".*?<\/svg>([^<]*)/.exec(text)?.[1]).toBe('70.0 %')
    expect(text).toContain('<td class="num">90.0 %</td>')
  })

  it('are shown where they are asked for, and the hour otherwise', async () => {
    const current = (text: string) => /<a href="([^"]*)" aria-current="true">/.exec(text)?.[1]
    expect(current(await shownOf('', []))).toBe('/console')
    expect(await shownOf('', [])).not.toContain('half hour')
    expect(current(await shownOf('range=day', []))).toBe('/console?range=day')
    expect(await shownOf('range=day', [])).toContain('Nothing happened in the last 24 hours.')
  })
})
