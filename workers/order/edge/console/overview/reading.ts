import type { PeriodView } from '../../../../../src/contracts/http/metrics.ts'
import { SUBSCRIPTIONS } from '../../../../../src/contracts/topology.ts'
import { type Instant, MINUTE_MS } from '../../../../../src/kernel/instant.ts'
import type { Reading } from '../metrics-reading.ts'
import { spanOf, type Tone } from '../parts.tsx'

/** What the overview says of now is made from: `GET /metrics` and `GET /metrics/history`. */
export type Measured = { reading: Reading; minutes: readonly PeriodView[]; now: Instant }

/** What an operator may look back on, with the name of its link, of its length and of its periods. */
export const RANGES = {
  hour: { name: '1 hour', length: 'hour', period: 'minute' },
  day: { name: '24 hours', length: '24 hours', period: 'half hour' },
} as const

export type RangeName = keyof typeof RANGES

/** What the overview shows of the past: the periods of the chosen range, oldest first. */
export type Shown = { periods: readonly PeriodView[]; range: RangeName }

/** Of the orders that were confirmed or rejected. Undefined where there are none. */
export const successOf = (periods: readonly PeriodView[]): number | undefined => {
  const confirmed = sumOf(periods, (each) => each.confirmed)
  const decided = confirmed + sumOf(periods, (each) => each.rejected)
  return decided === 0 ? undefined : confirmed / decided
}

/** `97.3 %`. */
export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${(100 * share).toFixed(1)} %`

/** The greatest of the ages that were seen in an inbox. */
export const oldestOf = ({ oldestMessageSeconds: { inventory, payment, operations } }: PeriodView): number =>
  Math.max(inventory, payment, operations)

/** The time of day in UTC: `02:30`. */
export const clockOf = (at: string): string => at.slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDThh:mm'.length)

/** The last bound of the histogram. */
const LAST_BOUND_SECONDS = 900

/** The bucket in which a time to settled lies: `≤ 500 ms`. */
export const boundOf = (seconds: number): string => {
  if (seconds >= LAST_BOUND_SECONDS) return '≥ 5 min'
  if (seconds < 1) return `≤ ${seconds * 1_000} ms`
  return seconds < 60 ? `≤ ${seconds} s` : `≤ ${spanOf(seconds)}`
}

export const count = (number: number): string => number.toLocaleString('en')

export const sumOf = (periods: readonly PeriodView[], of: (period: PeriodView) => number): number =>
  periods.reduce((sum, period) => sum + of(period), 0)

/** So many minutes, with the one that is not over, say how many orders come now. */
const RATE_MINUTES = 5

/** Orders placed per minute, now. */
export const placedPerMinute = ({ minutes, now }: Measured): number => {
  const last = minutes.slice(-RATE_MINUTES)
  const since = Date.parse(last[0]?.at ?? '')
  return Number.isNaN(since)
    ? 0
    : sumOf(last, ({ placed }) => placed) / Math.max(1, (now - since) / MINUTE_MS)
}

/** `0.4`, `12`. */
export const rate = (perMinute: number): string =>
  perMinute > 0 && perMinute < 10 ? perMinute.toFixed(1) : count(Math.round(perMinute))

/** Messages wait for milliseconds. After a minute a consumer is slow, after five it is likely to be down. */
const WARN_SECONDS = 60
const BAD_SECONDS = 300

export const toneOf = (seconds: number): Tone => {
  if (seconds >= BAD_SECONDS) return 'bad'
  return seconds >= WARN_SECONDS ? 'warn' : 'good'
}

/** Those of the system itself, and those of services that were added to it. */
export const INBOXES: readonly string[] = [
  ...['inventory-inbox', 'payment-inbox', 'order-inbox', 'operations-inbox'],
  ...Object.keys(SUBSCRIPTIONS).map((subscriber) => `${subscriber}-inbox`),
]

/** The backlog of an inbox, the age of its oldest message, and the dead letters of its consumer. */
export const inboxOf = (reading: Reading, queue: string) => ({
  queue,
  messages: reading.sum('edge_orders_queue_messages', { queue }),
  seconds: reading.most('edge_orders_queue_oldest_message_seconds', { queue }),
  letters: reading.sum('edge_orders_dead_letters_open', { queue }),
})
