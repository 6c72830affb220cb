import { z } from 'zod'
import { type Instant, MINUTE_MS } from '../kernel/instant.ts'

/** An hour, and the minute that is not over. */
const MINUTES_KEPT = 61

export const minuteSchema = z.object({
  /** Whole minutes since 1970. */
  minute: z.int(),
  counts: z.record(z.string(), z.number()),
  /** How many values of a histogram lie in each bucket. */
  buckets: z.array(z.number()),
  /** The greatest values that were seen in the minute. */
  peaks: z.record(z.string(), z.number()),
})

export type Minute = z.infer<typeof minuteSchema>

export const minuteOf = (instant: Instant): number => Math.floor(instant / MINUTE_MS)

/** What was counted in each minute of the last hour, in the order of time. A minute without anything has no entry. */
export const createMinutes = (now: () => Instant, known: readonly Minute[]) => {
  let minutes = structuredClone([...known])

  const current = (): Minute => {
    const minute = minuteOf(now())
    const last = minutes.at(-1)
    if (last !== undefined && last.minute >= minute) return last
    const added: Minute = { minute, counts: {}, buckets: [], peaks: {} }
    minutes = [...minutes.filter((each) => each.minute > minute - MINUTES_KEPT), added]
    return added
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

    all: (): readonly Minute[] => minutes,
  }
}
