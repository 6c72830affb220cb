import { parentPort } from 'node:worker_threads'
import type { Plan, Violation } from './world/plan.ts'
import { runWorld } from './world/world.ts'

/** One world in this many runs twice, and both timelines must be the same. */
const TWICE_EVERY = 200

export type Chunk = { plans: readonly Plan[]; isTwiceAlways?: boolean }

export type Failure = { plan: Plan; violations: readonly Violation[] }

/** The results of a chunk of worlds. */
export type Tally = {
  worlds: number
  orders: number
  steps: number
  virtualMs: number
  faults: Record<string, number>
  cells: Record<string, number>
  failures: Failure[]
}

export const emptyTally = (): Tally => ({
  worlds: 0,
  orders: 0,
  steps: 0,
  virtualMs: 0,
  faults: {},
  cells: {},
  failures: [],
})

const runChunk = async ({ plans, isTwiceAlways = false }: Chunk): Promise<Tally> => {
  const tally = emptyTally()
  for (const plan of plans) {
    const isTwice = isTwiceAlways || plan.seed % TWICE_EVERY === 0
    const outcome = await runWorld(plan, { isTraced: isTwice })
    const violations = [...outcome.violations]
    if (isTwice) violations.push(...differences(outcome.log, (await runWorld(plan, { isTraced: true })).log))
    tally.worlds += 1
    tally.orders += outcome.orders
    tally.steps += outcome.steps
    tally.virtualMs += outcome.virtualMs
    for (const strike of outcome.struck) add(tally.faults, strike.slice(0, strike.indexOf('#')), 1)
    for (const [cell, times] of outcome.cells.counts) add(tally.cells, cell, times)
    if (violations.length > 0) tally.failures.push({ plan, violations: violations.slice(0, 20) })
  }
  return tally
}

export const merge = (into: Tally, from: Tally): void => {
  into.worlds += from.worlds
  into.orders += from.orders
  into.steps += from.steps
  into.virtualMs += from.virtualMs
  for (const [fault, times] of Object.entries(from.faults)) add(into.faults, fault, times)
  for (const [cell, times] of Object.entries(from.cells)) add(into.cells, cell, times)
  into.failures.push(...from.failures)
}

const add = (counts: Record<string, number>, name: string, times: number): void => {
  counts[name] = (counts[name] ?? 0) + times
}

const differences = (first: readonly string[], second: readonly string[]): Violation[] => {
  const at = first.findIndex((line, index) => line !== second[index])
  if (at < 0 && first.length === second.length) return []
  const place = at < 0 ? Math.min(first.length, second.length) : at
  const detail = `line ${place}: ${first[place]} ≠ ${second[place]}`
  return [{ invariant: 'the same seed gives the same world', detail, atMs: 0 }]
}

/**
 * Runs in a thread of its own: chunks in, tallies out. Stack traces are off, because the many errors are part of the
 * plan. A failing world runs again with them.
 */
export const runChunks = (): void => {
  Error.stackTraceLimit = 0
  parentPort?.on('message', (chunk: Chunk) => {
    void runChunk(chunk).then((tally) => parentPort?.postMessage(tally))
  })
}
