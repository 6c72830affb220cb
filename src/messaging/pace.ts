import type { Instant } from '../kernel/instant.ts'

/** Spaces the sends of one sender, so that what comes in between goes together. */
export type Pace = {
  /** How long the next send has to wait: nothing where the last one began longer ago than the linger. */
  waitMs(): number
  /** A send begins. */
  begin(): void
}

export const createPace = (lingerMs: number, now: () => Instant): Pace => {
  let begunAt = Number.NEGATIVE_INFINITY
  return {
    // A clock that jumps back makes no send wait longer than the linger.
    waitMs: () => Math.min(Math.max(begunAt + lingerMs - now(), 0), lingerMs),
    begin: () => {
      begunAt = now()
    },
  }
}
