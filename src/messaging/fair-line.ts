import type { Instant } from '../kernel/instant.ts'

type Line = {
  now(): Instant
  /** What may be under way at the same time, counted in orders. */
  capacity: number
  /** The bytes of the parts that share a call. A part with more has a call of its own. */
  sharedBytesMax: number
  /** A call that has not come back after so long is taken for lost, so that it blocks no other. */
  leaseMs: number
}

/** Part of a call that several callers share. */
export type Part<Item> = { item: Item; cost: number; bytes: number }

type Turn<Item> = {
  bearer: string
  cost: number
  startsAt: number
  /** Undefined for a call of its own. */
  part: Part<Item> | undefined
  admit(call: SharedCall<Item>): void
}

type Call = { cost: number }

/** The turns that are admitted at the same moment, for one call. */
type Together<Item> = { turns: Turn<Item>[]; cost: number; bytes: number }

export type Place = {
  /** Resolves when it is this caller's turn; undefined where it is at once. */
  turn: Promise<void> | undefined
  /** To be called whether or not the turn came. */
  leave(): void
}

/** A call whose turn has come. The caller of the first item makes it, and ends it. */
export type SharedCall<Item> = { items: readonly Item[]; end(): void }

export type Seat<Item> = {
  /** Resolves when it is this part's turn, together with the others of its call. */
  call: Promise<SharedCall<Item>>
  /** The part goes ahead now, in a call of its own. Without effect once its turn has come. */
  hurry(): void
}

/**
 * A line in front of a resource that several bearers share: start-time fair queueing (Goyal, Vin, Cheng, 1996). Each
 * bearer has a clock that its calls move on by their cost, and the bearer whose clock is behind goes next. So a bearer
 * with few calls passes one with many, and a bearer that is alone has all of the resource.
 *
 * A caller has a call of its own, or part of one that it shares with others. One shared call is under way at a time. The
 * parts that come meanwhile wait, and go as one when it has come back, so the longer a call takes, the more the next carries.
 */
export const createFairLine = <Item = never>({ now, capacity, sharedBytesMax, leaseMs }: Line) => {
  const waiting = createWaiting<Item>()
  const calls = createCallsUnderWay(now, leaseMs)
  let shared: Call | undefined

  const begin = (turns: readonly Turn<Item>[]): Call => {
    const call = calls.begin(turns.reduce((sum, { cost }) => sum + cost, 0))
    const end = () => {
      calls.end(call)
      admitAll()
    }
    const items = turns.flatMap(({ part }) => (part === undefined ? [] : [part.item]))
    for (const turn of turns) turn.admit({ items, end })
    return call
  }

  const mayGo = ({ cost, part }: Turn<Item>, together: Together<Item>): boolean => {
    const busy = calls.cost() + together.cost
    if (busy > 0 && busy + cost > capacity) return false
    if (part === undefined) return true
    if (calls.has(shared)) return false
    return together.turns.length === 0 || together.bytes + part.bytes <= sharedBytesMax
  }

  const admitAll = (): void => {
    const together: Together<Item> = { turns: [], cost: 0, bytes: 0 }
    for (let turn = waiting.next(); turn !== undefined && mayGo(turn, together); turn = waiting.next()) {
      waiting.take(turn)
      if (turn.part === undefined) begin([turn])
      else add(together, turn, turn.part.bytes)
    }
    if (together.turns.length > 0) shared = begin(together.turns)
    if (calls.areNone()) waiting.restart()
  }

  return {
    /** For a call of its own. */
    join: (bearer: string, cost: number): Place => {
      const { promise, resolve } = Promise.withResolvers<void>()
      let end: (() => void) | undefined
      const admit = (call: SharedCall<Item>) => {
        end = call.end
        resolve()
      }
      const turn = waiting.add({ bearer, cost, part: undefined, admit })
      admitAll()
      return {
        turn: end === undefined ? promise : undefined,
        leave: () => {
          waiting.forget(turn)
          if (end === undefined) admitAll()
          else end()
        },
      }
    },

    /** For part of a call that others share. */
    share: (bearer: string, part: Part<Item>): Seat<Item> => {
      const { promise, resolve } = Promise.withResolvers<SharedCall<Item>>()
      const turn = waiting.add({ bearer, cost: part.cost, part, admit: resolve })
      admitAll()
      return {
        call: promise,
        hurry: () => {
          if (waiting.forget(turn)) begin([turn])
        },
      }
    },
  }
}

/** The turns that have not come, and the clocks of their bearers. */
const createWaiting = <Item>() => {
  const turns = new Map<string, Set<Turn<Item>>>()
  const clocks = new Map<string, number>()
  let virtual = 0

  /** False where the turn has come, or was given up. */
  const forget = (turn: Turn<Item>): boolean => {
    const own = turns.get(turn.bearer)
    const wasWaiting = own?.delete(turn) ?? false
    if (own?.size === 0) turns.delete(turn.bearer)
    return wasWaiting
  }

  return {
    add: (asked: Omit<Turn<Item>, 'startsAt'>): Turn<Item> => {
      const { bearer, cost } = asked
      const turn = { ...asked, startsAt: Math.max(virtual, clocks.get(bearer) ?? 0) }
      clocks.set(bearer, turn.startsAt + cost)
      turns.set(bearer, (turns.get(bearer) ?? new Set()).add(turn))
      return turn
    },

    next: (): Turn<Item> | undefined => {
      let first: Turn<Item> | undefined
      for (const [turn] of turns.values()) {
        if (turn !== undefined && (first === undefined || turn.startsAt < first.startsAt)) first = turn
      }
      return first
    },

    /** The turn has come. */
    take: (turn: Turn<Item>): void => {
      forget(turn)
      virtual = turn.startsAt
    },

    forget,

    /** The resource is idle: the next caller begins even with every other. */
    restart: (): void => clocks.clear(),
  }
}

const createCallsUnderWay = (now: () => Instant, leaseMs: number) => {
  const underWay = new Map<Call, Instant>()
  return {
    /** What is under way, without the calls that are lost. */
    cost: (): number => {
      const lostBefore = now() - leaseMs
      let cost = 0
      for (const [call, since] of underWay) {
        if (since <= lostBefore) underWay.delete(call)
        else cost += call.cost
      }
      return cost
    },
    begin: (cost: number): Call => {
      const call = { cost }
      underWay.set(call, now())
      return call
    },
    end: (call: Call): void => void underWay.delete(call),
    has: (call: Call | undefined): boolean => call !== undefined && underWay.has(call),
    areNone: (): boolean => underWay.size === 0,
  }
}

const add = <Item>(together: Together<Item>, turn: Turn<Item>, bytes: number): void => {
  together.turns.push(turn)
  together.cost += turn.cost
  together.bytes += bytes
}

export type FairLine<Item = never> = ReturnType<typeof createFairLine<Item>>
