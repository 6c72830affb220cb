import { HISTOGRAMS } from '../contracts/metrics.ts'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, toTimestamp } from '../kernel/instant.ts'
import { beginningOf, HALF_HOUR_MINUTES, inPeriodsOf, minuteOf, type Period } from '../messaging/minutes.ts'

const { bounds } = HISTOGRAMS.edge_orders_order_settle_seconds

/** What each order partition says of its last day, and how many dead letters came in each minute. */
export type HistoryParts = {
  partitions: readonly {
    minutes: readonly Period[]
    /** Objects of an earlier version do not have them. */
    halfHours?: readonly Period[] | undefined
    pending: number
  }[]
  letters: readonly { minute: number; letters: number }[]
}

type PeriodView = Record<
  'placed' | 'confirmed' | 'rejected' | 'cancelled' | 'pending' | 'deadLetters',
  number
> & {
  at: string
  settleSeconds?: { p50: number; p95: number }
  /** Of the inboxes that an order partition asks while an order waits for them. */
  oldestMessageSeconds: Record<'inventory' | 'payment' | 'operations', number>
}

/** The last sixty minutes of all partitions together, oldest first. The last one is not over. */
export const lastHourOf = (parts: HistoryParts, now: Instant): PeriodView[] => {
  const counted = parts.partitions.flatMap(({ minutes }) => minutes)
  return viewsOf(parts, counted, now, { length: 1, shown: HOUR_MS / MINUTE_MS })
}

/** The last 48 half hours of all partitions together, oldest first. The last one is not over. */
export const lastDayOf = (parts: HistoryParts, now: Instant): PeriodView[] => {
  const counted = parts.partitions.flatMap(({ minutes, halfHours = [] }) => [...halfHours, ...minutes])
  const shown = DAY_MS / (HALF_HOUR_MINUTES * MINUTE_MS)
  return viewsOf(parts, counted, now, { length: HALF_HOUR_MINUTES, shown })
}

/** `length`: of a period in minutes. `shown`: how many of them. */
type Range = { length: number; shown: number }

const viewsOf = (
  { partitions, letters }: HistoryParts,
  counted: readonly Period[],
  now: Instant,
  { length, shown }: Range,
): PeriodView[] => {
  const periods = new Map(inPeriodsOf(length, counted).map((period) => [period.minute, period]))
  const lettersIn = Map.groupBy(letters, ({ minute }) => beginningOf(minute, length))
  const last = beginningOf(minuteOf(now), length)
  let pending = partitions.reduce((sum, each) => sum + each.pending, 0)
  const views: PeriodView[] = []
  for (let minute = last; minute > last - shown * length; minute -= length) {
    const { counts = {}, buckets = [], peaks = {} } = periods.get(minute) ?? {}
    const { placed = 0, confirmed = 0, rejected = 0, cancelled = 0, decided = 0 } = counts
    const { inventory = 0, payment = 0, operations = 0 } = peaks
    views.push({
      at: toTimestamp(minute * MINUTE_MS),
      ...{ placed, confirmed, rejected, cancelled, pending },
      ...settleTimesOf(buckets),
      oldestMessageSeconds: { inventory, payment, operations },
      deadLetters: (lettersIn.get(minute) ?? []).reduce((sum, each) => sum + each.letters, 0),
    })
    pending = Math.max(0, pending - placed + decided)
  }
  return views.reverse()
}

/** Left out where no order settled. */
const settleTimesOf = (buckets: readonly number[]) => {
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
