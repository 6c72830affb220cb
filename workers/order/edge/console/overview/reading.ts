import type { PeriodView } from '../../../../../src/contracts/http/metrics.ts'
import { SUBSCRIPTIONS } from '../../../../../src/contracts/topology.ts'
import { type Instant, MINUTE_MS } from '../../../../../src/kernel/instant.ts'
import type { Reading } from '../metrics-reading.ts'
import type { Tone } from '../parts.tsx'

/** What the overview is made from: `GET /metrics` and `GET /metrics/history`. */
export type Measured = { reading: Reading; minutes: readonly PeriodView[]; now: Instant }

export const count = (number: number): string => number.toLocaleString('en')

export const sumOf = (minutes: readonly PeriodView[], of: (minute: PeriodView) => number): number =>
  minutes.reduce((sum, minute) => sum + of(minute), 0)

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
