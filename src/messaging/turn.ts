import type { Instant } from '../kernel/instant.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import type { Outgoing } from './outgoing.ts'
import type { PartitionHost } from './partition.ts'

/** Runs work as one transaction: what it wrote is undone where it throws. One inside another is undone alone. */
export type Transact = <Value>(work: () => Value) => Value

/** Where the effects of a turn go once it has returned. */
type Outside = { publish(outgoing: readonly Outgoing[]): void; wakeBy(at: Instant): void }

/** What a turn does beyond its database, kept back until it has returned. */
type Effects = { outgoing: Outgoing[]; wakeAt: Instant; runs: (() => void)[] }

export type Turns = Pick<PartitionHost, 'turn' | 'publish' | 'wakeBy' | 'afterTurn'>

/**
 * A turn stores, publishes and sets the alarm as one: the effects leave when its transaction has returned, before
 * anything else runs, so that the alarm is part of the same commit. Where the turn throws, nothing of it remains.
 */
export const createTurns = (transact: Transact, outside: Outside): Turns => {
  let open: Effects | undefined

  const effects = (): Effects => {
    if (open === undefined) throw new Error('Broken invariant: a partition acts outside its turn')
    return open
  }
  const turn = <Value>(work: () => Value): Value => {
    const outer = open
    const own: Effects = { outgoing: [], wakeAt: Number.POSITIVE_INFINITY, runs: [] }
    open = own
    let value: Value
    try {
      value = transact(work)
    } finally {
      open = outer
    }
    if (outer === undefined) letGo(own, outside)
    else handOver(own, outer)
    return value
  }

  return {
    turn,
    publish: (outgoing) => void effects().outgoing.push(...outgoing),
    wakeBy: (at) => {
      const own = effects()
      own.wakeAt = Math.min(own.wakeAt, at)
    },
    afterTurn: (run) => void effects().runs.push(run),
  }
}

const letGo = ({ outgoing, wakeAt, runs }: Effects, { publish, wakeBy }: Outside): void => {
  if (wakeAt < Number.POSITIVE_INFINITY) wakeBy(wakeAt)
  if (outgoing.length > 0) publish(outgoing)
  for (const run of runs) run()
}

/** What a turn within a turn did leaves with the outer one. */
const handOver = (own: Effects, outer: Effects): void => {
  outer.outgoing.push(...own.outgoing)
  outer.wakeAt = Math.min(outer.wakeAt, own.wakeAt)
  outer.runs.push(...own.runs)
}

/**
 * One of many that share a turn, in a transaction of its own: where it throws, it is undone and refused alone.
 * `about` says in the log which one it was.
 */
export const attempt = <Value>(
  host: Pick<PartitionHost, 'turn' | 'log'>,
  about: Record<string, unknown>,
  work: () => Value,
): Result<Value, string> => {
  try {
    return success(host.turn(work))
  } catch (error) {
    host.log('error', 'one of a turn failed and was undone', { ...about, error: String(error) })
    return refusal(String(error))
  }
}

/** When a wake-up is tried again in which something failed: soon, and not at once again and again. */
export const WAKE_RETRY_MS = 10_000
