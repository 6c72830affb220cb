import { HOUR_MS } from '../../../src/kernel/instant.ts'
import type { Outlet, Platform } from '../platform/platform.ts'

/** A client without a response sends its request again under the same key, until it has one. */
const TRIES_MAX = 40
const TRY_AGAIN_MS_MAX = 30_000
/** Keys are kept for at least a day, and each clock may be an hour wrong. No client repeats a key later than this. */
const KEY_REPEATED_MS_MAX = 22 * HOUR_MS

/** In the place of a key: a request that may be repeated without one. */
export const IDEMPOTENT = 'idempotent'

/** Sends a request until it has a response. Returns nothing where the client gave up. */
export type Persist = <Value>(
  outlet: Outlet,
  key: string | undefined,
  attempt: () => Promise<Value>,
) => Promise<Value | undefined>

/** Without a key a client cannot know whether its request was carried out, so it does not repeat it. */
export const createPersist = ({ scheduler, trace }: Platform): Persist => {
  const firstTried = new Map<string, number>()
  const mayBeForgotten = (key: string): boolean => {
    const firstAt = firstTried.get(key) ?? scheduler.now
    firstTried.set(key, firstAt)
    return scheduler.now - firstAt > KEY_REPEATED_MS_MAX
  }
  return async (outlet, key, attempt) => {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      if (key !== undefined && key !== IDEMPOTENT && mayBeForgotten(key)) return undefined
      try {
        return await attempt()
      } catch (error) {
        trace(outlet.actor.name, () => `got ${String(error)}`)
        if (key === undefined) return undefined
        await pause(outlet, tries)
      }
    }
    return undefined
  }
}

const pause = ({ actor }: Outlet, tries: number): Promise<void> => {
  const pauseMs = Math.floor(actor.chance() * Math.min(2 ** tries * 100, TRY_AGAIN_MS_MAX))
  return new Promise<void>((resolve) => {
    setTimeout(resolve, pauseMs)
  })
}
