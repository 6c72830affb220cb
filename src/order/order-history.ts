import { HISTOGRAMS } from '../contracts/metrics.ts'
import { HOUR_MS, type Instant, MINUTE_MS, toTimestamp } from '../kernel/instant.ts'
import { type Minute, minuteOf } from '../messaging/minutes.ts'

const { bounds } = HISTOGRAMS.edge_orders_order_settle_seconds

const MINUTES_SHOWN = HOUR_MS / MINUTE_MS

/** What each order partition says of its last hour, and how many dead letters came in each minute. */
export type HistoryParts = {
  partitions: readonly { minutes: readonly Minute[]; pending: number }[]
  letters: readonly { minute: number; letters: number }[]
}

type MinuteView = Record<
  'placed' | 'confirmed' | 'rejected' | 'cancelled' | 'pending' | 'deadLetters',
  number
> & {
  at: string
  settleSeconds?: { p50: number; p95: number }
  /** Of the inboxes that an order partition asks while an order waits for them. */
  oldestMessageSeconds: Record<'inventory' | 'payment' | 'operations', number>
}

/** The last sixty minutes of all partitions together, oldest first. The last one is not over. */
export const historyOf = ({ partitions, letters }: HistoryParts, now: Instant): MinuteView[] => {
  const all = partitions.flatMap(({ minutes }) => minutes)
  const byMinute = Map.groupBy(all, ({ minute }) => minute)
  const lettersIn = new Map(letters.map(({ minute, letters: count }) => [minute, count]))
  const last = minuteOf(now)
  let pending = partitions.reduce((sum, each) => sum + each.pending, 0)
  const views: MinuteView[] = []
  for (let minute = last; minute > last - MINUTES_SHOWN; minute -= 1) {
    const parts = byMinute.get(minute) ?? []
    const count = (name: string) => parts.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0)
    const placed = count('placed')
    views.push({
      at: toTimestamp(minute * MINUTE_MS),
      ...{
        placed,
        confirmed: count('confirmed'),
        rejected: count('rejected'),
        cancelled: count('cancelled'),
      },
      pending,
      ...settleTimesOf(parts),
      oldestMessageSeconds: {
        inventory: peakOf(parts, 'inventory'),
        payment: peakOf(parts, 'payment'),
        operations: peakOf(parts, 'operations'),
      },
      deadLetters: lettersIn.get(minute) ?? 0,
    })
    pending = Math.max(0, pending - placed + count('decided'))
  }
  return views.reverse()
}

const peakOf = (parts: readonly Minute[], name: string): number =>
  Math.max(0, ...parts.map(({ peaks }) => peaks[name] ?? 0))

/** Left out where no order settled. */
const settleTimesOf = (parts: readonly Minute[]) => {
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((_, index) =>
    parts.reduce((sum, each) => sum + (each.buckets[index] ?? 0), 0),
  )
  const settled = buckets.reduce((sum, count) => sum + count, 0)
  if (settled === 0) return {}
  return { settleSeconds: { p50: boundAt(buckets, 0.5 * settled), p95: boundAt(buckets, 0.95 * settled) } }
}

/** The upper bound of the bucket in which this observation lies. Above the last bound it is the last bound. */
const boundAt = (buckets: readonly number[], rank: number): number => {
  let reached = 0
  for (const [index, count] of buckets.entries()) {
    reached += count
    if (reached >= rank) return bounds[index] ?? LAST_BOUND
  }
  return LAST_BOUND
}

const LAST_BOUND = bounds[bounds.length - 1] ?? 0
