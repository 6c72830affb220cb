import type { Instant } from '../kernel/instant.ts'

type Line = {
  now(): Instant
  /** What may be under way at the same time, counted in orders. */
  capacity: number
  /** A call that has not come back after so long is taken for lost, so that it blocks no other. */
  leaseMs: number
}

type Turn = { bearer: string; cost: number; startsAt: number; admit: () => void }

export type Place = {
  /** Resolves when it is this caller's turn; undefined where it is at once. */
  turn: Promise<void> | undefined
  /** To be called whether or not the turn came. */
  leave(): void
}

/**
 * A line in front of a resource that several bearers share: start-time fair queueing (Goyal, Vin, Cheng, 1996). Each
 * bearer has a clock that its calls move on by their cost, and the bearer whose clock is behind goes next. So a bearer
 * with few calls passes one with many, and a bearer that is alone has all of the resource.
 */
export const createFairLine = ({ now, capacity, leaseMs }: Line) => {
  const underWay = new Map<Turn, Instant>()
  const waiting = new Map<string, Set<Turn>>()
  const clocks = new Map<string, number>()
  let virtual = 0

  const costUnderWay = (): number => {
    const lostBefore = now() - leaseMs
    let cost = 0
    for (const [turn, since] of underWay) {
      if (since <= lostBefore) underWay.delete(turn)
      else cost += turn.cost
    }
    return cost
  }

  const next = (): Turn | undefined => {
    let first: Turn | undefined
    for (const [turn] of waiting.values()) {
      if (turn !== undefined && (first === undefined || turn.startsAt < first.startsAt)) first = turn
    }
    return first
  }

  const forget = (turn: Turn): void => {
    underWay.delete(turn)
    const own = waiting.get(turn.bearer)
    own?.delete(turn)
    if (own?.size === 0) waiting.delete(turn.bearer)
  }

  const admitAll = (): void => {
    for (let turn = next(); turn !== undefined; turn = next()) {
      const busy = costUnderWay()
      if (busy > 0 && busy + turn.cost > capacity) return
      forget(turn)
      virtual = turn.startsAt
      underWay.set(turn, now())
      turn.admit()
    }
    // The resource is idle: the next caller begins even with every other.
    if (underWay.size === 0) clocks.clear()
  }

  return {
    join: (bearer: string, cost: number): Place => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const startsAt = Math.max(virtual, clocks.get(bearer) ?? 0)
      clocks.set(bearer, startsAt + cost)
      const turn = { bearer, cost, startsAt, admit: resolve }
      waiting.set(bearer, (waiting.get(bearer) ?? new Set()).add(turn))
      admitAll()
      return {
        turn: underWay.has(turn) ? undefined : promise,
        leave: () => {
          forget(turn)
          admitAll()
        },
      }
    },
  }
}

export type FairLine = ReturnType<typeof createFairLine>
