import { type Instant, SECOND_MS } from '../kernel/instant.ts'

/** The orders of the last window say how many each bearer sends. */
const WINDOW_MS = 5 * SECOND_MS

type Clock = { now(): Instant; chance(): number }

/**
 * Takes a share of all orders, and refuses the rest to the bearers that send most (max-min fairness). A bearer that sends
 * no more than its fair part is not refused at all.
 */
export const createFairRefusal = ({ now, chance }: Clock) => {
  let current = new Map<string, number>()
  let last = new Map<string, number>()
  let startedAt = now()

  const turnOver = (): void => {
    const elapsedMs = now() - startedAt
    if (elapsedMs < WINDOW_MS) return
    last = elapsedMs < 2 * WINDOW_MS ? current : new Map()
    current = new Map()
    startedAt = now()
  }

  return {
    /** Counts an order of this bearer. */
    refuses: (bearer: string, share: number): boolean => {
      turnOver()
      current.set(bearer, (current.get(bearer) ?? 0) + 1)
      const sent = last.get(bearer)
      if (share >= 1 || sent === undefined) return false
      return chance() >= fairPart([...last.values()], share) / sent
    },
  }
}

/** The number up to which each bearer's orders are taken, so that all together are this share of what was sent. */
export const fairPart = (sent: readonly number[], share: number): number => {
  const ascending = sent.toSorted((left, right) => left - right)
  let left = share * sent.reduce((sum, each) => sum + each, 0)
  for (const [index, each] of ascending.entries()) {
    const part = left / (ascending.length - index)
    if (part < each) return part
    left -= each
  }
  return Number.POSITIVE_INFINITY
}
