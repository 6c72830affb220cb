import { z } from 'zod'

/*
 * The metrics of the system, in Prometheus' terms. Each partition counts and measures for itself. The edge puts all of
 * them together for `GET /metrics`.
 */

type Metric = { type: 'counter' | 'gauge' | 'histogram'; help: string }

/** Upper bounds in seconds. An order without faults settles within a second, and is rejected after 15 minutes. */
const SETTLE_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] as const

/** Upper bounds in seconds. A call of the bank is given up after 5 s. */
const BANK_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const

/** The label values of everything that a partition counts: a series exists, with 0, before its first event. */
export const COUNTERS = {
  edge_orders_orders_placed_total: { help: 'Orders that were accepted.', series: [{}] },
  edge_orders_orders_decided_total: {
    help: 'Decisions on orders, by outcome and reason. A cancellation of a confirmed order is a second decision.',
    series: [
      { outcome: 'confirmed', reason: '' },
      ...['out_of_stock', 'payment_declined', 'payment_failed', 'deadline_exceeded'].map((reason) => ({
        outcome: 'rejected',
        reason,
      })),
      ...['cancelled_by_client', 'payment_failed'].map((reason) => ({ outcome: 'cancelled', reason })),
    ],
  },
  edge_orders_events_resent_total: {
    help: 'Outstanding events that were published once more, because their effect had not come back.',
    series: [{}],
  },
  edge_orders_duplicates_suppressed_total: {
    help: 'Events that came again, or late, and changed nothing.',
    series: [{}],
  },
  edge_orders_reservations_total: {
    help: "A stock partition's parts of orders, by the state that they reached.",
    series: ['reserved', 'refused', 'committed', 'released'].map((state) => ({ state })),
  },
  edge_orders_bank_calls_total: {
    help: 'Calls of the bank by operation and outcome. `unknown`: no response came in time.',
    series: [
      ...['authorize', 'capture', 'void', 'refund'].flatMap((operation) =>
        ['succeeded', 'declined', 'error', 'unknown'].map((outcome) => ({ operation, outcome })),
      ),
      ...['found', 'unknown'].map((outcome) => ({ operation: 'look_up', outcome })),
    ],
  },
} satisfies Record<`${string}_total`, { help: string; series: readonly Labels[] }>

export const HISTOGRAMS = {
  edge_orders_order_settle_seconds: {
    help: 'Time from the placement of an order, or from its cancellation, until its decision had taken effect.',
    bounds: SETTLE_SECONDS,
    series: ['confirmed', 'rejected', 'cancelled'].map((outcome) => ({ outcome })),
  },
  edge_orders_bank_call_seconds: {
    help: 'Time that the bank took to respond, by operation.',
    bounds: BANK_SECONDS,
    series: ['authorize', 'capture', 'void', 'refund', 'look_up'].map((operation) => ({ operation })),
  },
} satisfies Record<
  `${string}_seconds`,
  { help: string; bounds: readonly number[]; series: readonly Labels[] }
>

const GAUGES = {
  edge_orders_orders_pending: 'Orders that are not decided. A partition looks at 10 000 at most.',
  edge_orders_oldest_pending_order_seconds: 'Age of the oldest order that is not decided, or 0.',
  edge_orders_order_deadline_seconds: 'Age at which an undecided order is rejected.',
  edge_orders_orders_stuck: 'Orders whose decision does not take effect: `stuck` in the order says why.',
  edge_orders_outbox_orders:
    'Orders for which the partition still has something to do after their first seconds: publish again, list, announce.',
  edge_orders_outbox_oldest_seconds:
    'How long ago an order of the outbox last changed, at the longest, or 0. Stuck orders do not count.',
  edge_orders_payments_waiting:
    'Payments whose order is not decided after their first seconds. A partition looks at 10 000 rows at most.',
  edge_orders_oldest_waiting_payment_seconds:
    'Age of the oldest payment whose order is not decided, or 0. After 3 days and 18 hours it is released.',
  edge_orders_bank_failing_seconds:
    'How long the calls of the bank have failed without an answer in between, or 0. A decline is an answer.',
  edge_orders_partition_late_seconds: 'How late the partition is with the row that is due first, or 0.',
  edge_orders_partition_size_bytes: "Size of the partition's database. A Durable Object holds 10 GB.",
  edge_orders_partition_full:
    'Whether the order partition takes no new orders while another has room: 1 or 0.',
  edge_orders_orders_departed: 'Orders that have left the partition for the archive, where there is one.',
  edge_orders_oldest_order_seconds:
    'Age of the oldest order in the partition that came without an external id, or 0.',
  edge_orders_orders_held_back:
    'Orders past their retention that the consumer of the feed does not have yet, as the last walk of the partition found.',
  edge_orders_database_size_bytes: 'Size of a D1 database. It holds 10 GB.',
  edge_orders_feed_consumer_lag_events:
    'Events that the consumer of the feed has yet to deliver: of the orders, or of the products.',
  edge_orders_feed_consumer_lag_seconds:
    'Age of the oldest event that the consumer of the feed has yet to deliver, or 0.',
  edge_orders_feed_consumer_blocked:
    'Whether the cursor of the consumer of the feed is refused, so that it gets nothing: 1 or 0.',
  edge_orders_feed_consumer_paused: 'Whether an operator paused the consumer of the feed: 1 or 0.',
  edge_orders_partition_up: 'Whether the partition responded: 1 or 0.',
  edge_orders_worker_up: 'Whether the Worker responded: 1 or 0.',
  edge_orders_queue_messages: 'Messages on the queue. One message carries many events.',
  edge_orders_queue_size_bytes: 'Size of the messages on the queue.',
  edge_orders_queue_oldest_message_seconds: 'Age of the oldest message on the queue, or 0.',
  edge_orders_dead_letters_open:
    'Dead letters that were neither redriven nor discarded, by queue and reason.',
  edge_orders_webhook_deliveries_late_seconds:
    'How late the first pending delivery of the webhook is, or 0. One series for each webhook with failures or late deliveries.',
  edge_orders_webhook_failing_seconds:
    'How long the address of the webhook has failed without a success, or 0.',
} as const

const RETRIES_EXHAUSTED = {
  edge_orders_retries_exhausted_total:
    'Events whose deliveries ran out, by queue and type, and which their publisher sends again.',
} as const

export type CounterName = keyof typeof COUNTERS
export type HistogramName = keyof typeof HISTOGRAMS
export type GaugeName = keyof typeof GAUGES
type TableCounterName = keyof typeof RETRIES_EXHAUSTED
export type MetricName = CounterName | HistogramName | GaugeName | TableCounterName

export type Labels = Readonly<Record<string, string>>

const helpOf = (type: Metric['type'], help: Readonly<Record<string, string>>): [string, Metric][] =>
  Object.entries(help).map(([name, text]) => [name, { type, help: text }])

/** Every metric, with its type and its help, in the order in which they are shown. */
export const METRICS = Object.fromEntries([
  ...Object.entries(COUNTERS).map(([name, { help }]) => [name, { type: 'counter', help }]),
  ...Object.entries(HISTOGRAMS).map(([name, { help }]) => [name, { type: 'histogram', help }]),
  ...helpOf('gauge', GAUGES),
  ...helpOf('counter', RETRIES_EXHAUSTED),
]) as Record<MetricName, Metric>

const labelsSchema = z.record(z.string(), z.string())
const nameSchema = z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]])

/**
 * One measured series. A histogram has the counts of its buckets, not yet summed up, with the one above the last bound,
 * and the sum of what was observed.
 */
export const sampleSchema = z.union([
  z.object({ name: nameSchema, labels: labelsSchema, value: z.number() }),
  z.object({ name: nameSchema, labels: labelsSchema, sum: z.number(), buckets: z.array(z.number()) }),
])

export type Sample = z.infer<typeof sampleSchema>

export const gauge = (name: GaugeName, value: number, labels: Labels = {}): Sample => ({
  name,
  labels: { ...labels },
  value,
})
