import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { timestampView } from '../fields.ts'
import { jsonResponse, operation } from './operation.ts'

const metricsExample = `# HELP edge_orders_orders_placed_total Orders that were accepted.
# TYPE edge_orders_orders_placed_total counter
edge_orders_orders_placed_total{partition="orders-0"} 1027
`

export const getMetrics = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'getMetrics',
    tags: ['Metrics'],
    summary: 'Read the metrics of the system',
    description:
      'Counters, gauges and histograms in the text format of Prometheus, version 0.0.4. Partitions are measured at most once in five seconds, however many ask. A part that does not respond has its `up` gauge at 0, and its other series are left out.',
    method: 'get',
    path: '/metrics',
    responses: {
      200: {
        description: 'All metrics',
        content: { 'text/plain': { schema: { type: 'string' as const }, example: metricsExample } },
      },
    },
  }),
})

const count = z.int().min(0)
const seconds = z.number().min(0)

/** What became of orders in a period, such as a minute. */
const periodViewOf = (period: string) =>
  z.object({
    at: timestampView.meta({ description: `When the ${period} began.` }),
    placed: count,
    confirmed: count,
    rejected: count,
    cancelled: count,
    pending: count.meta({ description: `Orders that were not decided at the end of the ${period}.` }),
    settleSeconds: z.object({ p50: seconds, p95: seconds }).optional().meta({
      description:
        'Time to settled: upper bounds of the buckets of `edge_orders_order_settle_seconds`. 900 also stands for more. Left out where no order settled.',
    }),
    oldestMessageSeconds: z
      .object({ inventory: seconds, payment: seconds, operations: seconds })
      .meta({ description: 'The greatest age of the oldest message of each inbox that was seen.' }),
    deadLetters: count.meta({ description: `Dead letters that came first in the ${period}.` }),
  })

const minuteViewSchema = periodViewOf('minute').meta({ id: 'Minute' })
const halfHourViewSchema = periodViewOf('half hour').meta({ id: 'HalfHour' })

export type PeriodView = z.infer<typeof minuteViewSchema>

const unread = z
  .array(z.string())
  .meta({ description: 'Parts that did not respond, such as `orders-0`. Their counts are missing.' })

const historySchema = z.object({
  minutes: z.array(minuteViewSchema).meta({ description: 'Sixty, oldest first. The last one is not over.' }),
  unread,
})

const daySchema = z.object({
  halfHours: z.array(halfHourViewSchema).meta({
    description:
      'Forty-eight, oldest first. They begin at full and half hours of UTC. The last one is not over.',
  }),
  unread,
})

export const getMetricsHistory = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'getMetricsHistory',
    tags: ['Metrics'],
    summary: 'Read the last hour by the minute',
    description:
      'What became of orders in each minute of the last hour. Partitions count it in memory, and store it with what they store anyway: a crash loses the last seconds. The response may be five seconds old.',
    method: 'get',
    path: '/metrics/history',
    responses: {
      200: jsonResponse(historySchema, 'The last hour', {
        example: {
          minutes: [
            {
              at: '2026-11-23T14:20:00.000Z',
              ...{ placed: 12, confirmed: 11, rejected: 1, cancelled: 0, pending: 0 },
              settleSeconds: { p50: 0.25, p95: 0.5 },
              oldestMessageSeconds: { inventory: 0, payment: 0, operations: 0 },
              deadLetters: 0,
            },
          ],
          unread: [],
        },
      }),
    },
  }),
})

export const getMetricsDay = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'getMetricsDay',
    tags: ['Metrics'],
    summary: 'Read the last day by the half hour',
    description:
      'What became of orders in each half hour of the last day. It is counted and stored with the minutes of `GET /metrics/history`. A half hour before the first order, or before the release that counts by the half hour, has zeros. The response may be five seconds old.',
    method: 'get',
    path: '/metrics/day',
    responses: {
      200: jsonResponse(daySchema, 'The last day', {
        example: {
          halfHours: [
            {
              at: '2026-11-23T02:30:00.000Z',
              ...{ placed: 360, confirmed: 341, rejected: 18, cancelled: 1, pending: 2 },
              settleSeconds: { p50: 0.25, p95: 5 },
              oldestMessageSeconds: { inventory: 0, payment: 4.2, operations: 0 },
              deadLetters: 0,
            },
          ],
          unread: [],
        },
      }),
    },
  }),
})
