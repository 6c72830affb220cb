import { z } from 'zod'
import { type Instant, MINUTE_MS } from '../kernel/instant.ts'

/** An hour, and the minute that is not over. */
const MINUTES_KEPT = 61

export const HALF_HOUR_MINUTES = 30

/** A day. The half hour that is not over is still in the minutes. */
const HALF_HOURS_KEPT = 48

/** What was counted in a minute, or in a longer time. */
export const periodSchema = z.object({
  /** When it began, in whole minutes since 1970. */
  minute: z.int(),
  counts: z.record(z.string(), z.number()),
  /** How many values of a histogram lie in each bucket. */
  buckets: z.array(z.number()),
  /** The greatest values that were seen in it. */
  peaks: z.record(z.string(), z.number()),
})

export type Period = z.infer<typeof periodSchema>

/**
 * The last hour by the minute, and what was before by the half hour: nothing is in both. Oldest first. A period without
 * anything has no entry.
 */
export type Periods = { minutes: readonly Period[]; halfHours: readonly Period[] }

export const minuteOf = (instant: Instant): number => Math.floor(instant / MINUTE_MS)

/** When the period of this length that contains the minute began. The length divides a day. */
export const beginningOf = (minute: number, length: number): number => minute - (minute % length)

/** The same counts in periods of this many minutes, oldest first. */
export const inPeriodsOf = (length: number, periods: readonly Period[]): Period[] =>
  Array.from(
    Map.groupBy(periods, ({ minute }) => beginningOf(minute, length)),
    ([minute, parts]) => parts.reduce(combined, emptyPeriod(minute)),
  ).sort(byTime)

const emptyPeriod = (minute: number): Period => ({ minute, counts: {}, buckets: [], peaks: {} })

const byTime = (one: Period, other: Period): number => one.minute - other.minute

const combined = (sum: Period, part: Period): Period => ({
  minute: sum.minute,
  counts: merged(sum.counts, part.counts, (one, other) => one + other),
  buckets: Array.from(
    { length: Math.max(sum.buckets.length, part.buckets.length) },
    (_, index) => (sum.buckets[index] ?? 0) + (part.buckets[index] ?? 0),
  ),
  peaks: merged(sum.peaks, part.peaks, Math.max),
})

type Values = Readonly<Record<string, number>>

const merged = (one: Values, other: Values, merge: (one: number, other: number) => number) => {
  const both = Object.entries(other).map(([name, value]) => [name, merge(one[name] ?? 0, value)] as const)
  return { ...one, ...Object.fromEntries(both) }
}

/** Counts by the minute. A minute that is more than an hour away, by a clock that was set too, is added to its half hour. */
export const createMinutes = (now: () => Instant, known: Periods) => {
  let { minutes, halfHours }: Periods = structuredClone(known)

  const begin = (minute: number): Period => {
    const begun = emptyPeriod(minute)
    const isNear = (each: Period) => Math.abs(each.minute - minute) < MINUTES_KEPT
    const away = minutes.filter((each) => !isNear(each))
    halfHours = inPeriodsOf(HALF_HOUR_MINUTES, [...halfHours, ...away]).slice(-HALF_HOURS_KEPT)
    minutes = [...minutes.filter(isNear), begun].sort(byTime)
    return begun
  }

  const current = (): Period => {
    const minute = minuteOf(now())
    return minutes.findLast((each) => each.minute === minute) ?? begin(minute)
  }

  return {
    count: (name: string): void => {
      const { counts } = current()
      counts[name] = (counts[name] ?? 0) + 1
    },

    /** Counts a value in the bucket of this index. */
    bucket: (index: number): void => {
      const { buckets } = current()
      while (buckets.length <= index) buckets.push(0)
      buckets[index] = (buckets[index] ?? 0) + 1
    },

    /** Keeps a value where it is the greatest one of its minute. */
    peak: (name: string, value: number): void => {
      const { peaks } = current()
      peaks[name] = Math.max(peaks[name] ?? 0, value)
    },

    all: (): Periods => ({ minutes, halfHours }),
  }
}
