import { type Instant, SECOND_MS } from '../kernel/instant.ts'

/** How long a new placement may be expected to wait. More than a restart of a partition takes, less than a customer notices. */
const WAIT_MS_TARGET = 250
/** The throughput is measured anew in each interval of this length. What arrives before the first look waits for all of it. */
const INTERVAL_MS = 100
/** So few under way are no queue: a burst, a cold start or a pause of the runtime leaves as many behind. */
const LIMIT_MIN = 100
/** So many fit into the memory of an isolate, each with a body of 64 KiB at most. */
const LIMIT_MAX = 1_000
/** While placements do not wait, the limit grows by this factor in each interval. */
const GROWTH = 1.25
/** A placement that has not ended after so long counts as lost: its caller hung up, or its body does not come. */
const LEASE_MS = 10 * SECOND_MS

/** What is refused first: the share of the limit that may be under way before it is. */
const SHARES = { waits: 0.5, reads: 0.75 }

type Ticket = { bearer: string; since: Instant }

/**
 * How many placements an isolate has under way. The limit is the number that ends within the target (J. Little, 1961: what
 * is under way is the throughput times the wait). Where more are under way, the limit falls to that number at once.
 * Otherwise it grows back, so that a burst after a quiet time gets in as a whole.
 *
 * Above the limit, a bearer that has less than an even share of it still gets in. So the bearer that floods is refused
 * first.
 */
export const createPlacementLimit = (now: () => Instant) => {
  /** In the order of their arrival. */
  const underWay = new Set<Ticket>()
  const ofBearer = new Map<string, number>()
  let limit = LIMIT_MAX
  let interval = { startedAt: now(), ended: 0 }

  const leave = (ticket: Ticket): boolean => {
    if (!underWay.delete(ticket)) return false
    const left = (ofBearer.get(ticket.bearer) ?? 1) - 1
    if (left === 0) ofBearer.delete(ticket.bearer)
    else ofBearer.set(ticket.bearer, left)
    return true
  }

  const forgetLost = (at: Instant): void => {
    for (const ticket of underWay) {
      if (at - ticket.since < LEASE_MS) return
      leave(ticket)
    }
  }

  /** Where none ended, the age of the oldest stands for the wait. */
  const expectedWaitMs = (at: Instant): number => {
    const [oldest] = underWay
    if (interval.ended > 0) return (underWay.size * (at - interval.startedAt)) / interval.ended
    return oldest === undefined ? 0 : at - oldest.since
  }

  const adjust = (at: Instant): void => {
    const elapsedMs = at - interval.startedAt
    if (elapsedMs < INTERVAL_MS) return
    const withinTarget = (interval.ended * WAIT_MS_TARGET) / elapsedMs
    const isQueue = underWay.size > LIMIT_MIN && expectedWaitMs(at) > WAIT_MS_TARGET
    limit = isQueue
      ? Math.min(limit, Math.max(LIMIT_MIN, Math.floor(withinTarget)))
      : Math.min(LIMIT_MAX, limit * GROWTH ** (elapsedMs / INTERVAL_MS))
    interval = { startedAt: at, ended: 0 }
  }

  const look = (): Instant => {
    const at = now()
    forgetLost(at)
    adjust(at)
    return at
  }

  const mayEnter = (bearer: string): boolean => {
    const own = ofBearer.get(bearer) ?? 0
    const bearers = ofBearer.size + (own === 0 ? 1 : 0)
    return underWay.size < limit || (own < Math.floor(limit / bearers) && underWay.size < 2 * LIMIT_MAX)
  }

  return {
    /** Undefined where the placement has to be refused. */
    enter: (bearer: string): { leave(): void } | undefined => {
      const since = look()
      if (!mayEnter(bearer)) return undefined
      const ticket = { bearer, since }
      underWay.add(ticket)
      ofBearer.set(bearer, (ofBearer.get(bearer) ?? 0) + 1)
      return {
        leave: () => {
          if (leave(ticket)) interval.ended += 1
          look()
        },
      }
    },

    /** Whether what is refused earlier than placements is refused now. */
    sheds: (what: keyof typeof SHARES): boolean => {
      look()
      return underWay.size >= limit * SHARES[what]
    },

    figures: () => ({ underWay: underWay.size, limit: Math.floor(limit) }),
  }
}

export type PlacementLimit = ReturnType<typeof createPlacementLimit>
