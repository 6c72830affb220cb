import { latencyMs, type Outlet, type Platform } from './platform.ts'
import type { Actor } from './scheduler.ts'

/** A call lands at most this late. Its caller has given up by then, and may have died. */
const SLOW_MS = { least: 500, most: 30_000 }

/**
 * A bucket of R2 that holds texts. It may be slow, or fail before or after it did the work. `afterPut` is told of each text
 * that is stored.
 */
export const createBucket = (
  platform: Platform,
  { cloud, afterPut }: { cloud: Actor; afterPut(name: string): void },
) => {
  const { scheduler, faults } = platform
  const random = platform.stream('bucket')
  const texts = new Map<string, string>()

  const perform = <Value>(outlet: Outlet, work: () => Value): Promise<Value> =>
    new Promise((resolve, reject) => {
      outlet.leave(() => {
        const slowMs = faults.hits('archiveSlow') ? random.between(SLOW_MS.least, SLOW_MS.most) : 0
        const isFailedBefore = faults.hits('archiveFailsBefore')
        const isFailedAfter = faults.hits('archiveFailsAfter')
        const reply = (settle: () => void) => scheduler.resume(latencyMs(random), outlet.actor, settle)
        const fail = () => reply(() => reject(new Error('We encountered an internal error. (10001)')))
        scheduler.after(latencyMs(random) + slowMs, cloud, () => {
          if (isFailedBefore) return fail()
          const value = work()
          if (isFailedAfter) return fail()
          reply(() => resolve(value))
        })
      })
    })

  return {
    /** What is stored, by its name. */
    texts: texts as ReadonlyMap<string, string>,

    binding: (outlet: Outlet): R2Bucket => {
      const bucket = {
        put: (name: string, text: string) =>
          perform(outlet, () => {
            texts.set(name, text)
            afterPut(name)
          }),
        get: (name: string) =>
          perform(outlet, () => {
            const text = texts.get(name)
            return text === undefined ? null : { text: async () => text }
          }),
      }
      // The part of R2 that the project uses: a call of anything else fails in the world that makes it.
      return bucket as unknown as R2Bucket
    },
  }
}

export type Bucket = ReturnType<typeof createBucket>
