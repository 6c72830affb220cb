import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Scripted } from '../support/differential/script.ts'
import type { Chunk, Failure, Tally } from './chunks.ts'
import { recordScripts } from './differential-scripts/record.ts'
import { readKeptPlans, readPlans } from './kept-seeds.ts'
import { runLong } from './long-run.ts'
import { runMutants } from './mutants.ts'
import { missingCells, saveCells } from './reachable-cells.ts'
import { shrink } from './shrink.ts'
import { runOnThreads } from './threads.ts'
import { timelineOf } from './timeline.ts'
import type { Plan } from './world/plan.ts'
import { runWorld } from './world/world.ts'

const SEEDS_DEFAULT = 2_000
const CHUNK_SEEDS = 20
const PROGRESS_EVERY = 1_000
/** A run this long visits every cell that is known to be reachable. */
const CELLS_CHECKED_FROM = 2_000
const FAILURES_SHOWN = 10
const DAY_MS = 86_400_000
const SCRIPTS = 10

/** `npm run sim -- --seeds N --seed S --bank stripe --totals FILE --replay FILE --mutants --part 2/4`. Resolves with the exit code. */
export const runCommand = async (args: string[]): Promise<number> => {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      replay: { type: 'string' },
      /** The file in which a run that may be stopped keeps its totals, and from which it continues. */
      totals: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      /** Only a part of the mutants: `2/4`. */
      part: { type: 'string' },
      /** `stripe`: Stripe is the bank of every random world. */
      bank: { type: 'string' },
      'learn-cells': { type: 'boolean', default: false },
      /** For the tests that compare the simulated partitions with real ones. */
      record: { type: 'string' },
    },
  })
  process.on('unhandledRejection', (error) => {
    console.error('a promise was rejected and no code handled it', error)
    process.exit(1)
  })
  const bank = bankOf(values.bank)
  if (values.record !== undefined) return await printScripts(values.record as Scripted)
  if (values.mutants) return await runMutants(values.part)
  if (values.replay !== undefined) return await replay(readPlans(resolve(values.replay)))
  if (values.seed !== undefined && values.seeds === undefined)
    return await replay([{ seed: Number(values.seed), ...bank }])
  const first = Number(values.seed ?? 1)
  const count = Number(values.seeds ?? SEEDS_DEFAULT)
  const worlds = { first, count, bank }
  if (values.totals !== undefined) return await runOn(worlds, resolve(values.totals))
  return await runMany(worlds, values['learn-cells'])
}

type Bank = Pick<Plan, 'bank'>

const bankOf = (named: string | undefined): Bank => {
  if (named === undefined) return {}
  if (named !== 'stripe') throw new Error(`--bank is ${named}. It can only be stripe.`)
  return { bank: named }
}

type Worlds = { first: number; count: number; bank: Bank }

const runMany = async ({ first, count, bank }: Worlds, isLearning: boolean): Promise<number> => {
  const startedAt = performance.now()
  const chunks: Chunk[] = [{ plans: readKeptPlans() }, ...chunksOf(bank)(first, count)]
  let shown = 0
  const total = await runOnThreads(chunks, (tally) => {
    if (tally.worlds - shown >= PROGRESS_EVERY) {
      shown = tally.worlds
      console.log(`${progress(tally)}, ${seconds(startedAt)} s`)
    }
    return true
  })
  if (isLearning) saveCells(total.cells)
  return await conclude(total, seconds(startedAt), bank.bank === undefined ? count : 0)
}

const runOn = async ({ first, count, bank }: Worlds, file: string): Promise<number> => {
  const { total, seconds: spent } = await runLong(first, count, {
    file,
    chunksOf: chunksOf(bank),
    print: (run) => console.log(`${progress(run.total)}, ${run.seconds} s`),
  })
  return await conclude(total, String(spent), bank.bank === undefined ? count : 0)
}

const chunksOf =
  (bank: Bank) =>
  (first: number, count: number): Chunk[] => {
    const seeds = Array.from({ length: count }, (_, index): Plan => ({ seed: first + index, ...bank }))
    return Array.from({ length: Math.ceil(count / CHUNK_SEEDS) }, (_, index) => ({
      plans: seeds.slice(index * CHUNK_SEEDS, (index + 1) * CHUNK_SEEDS),
    }))
  }

/** Prints the results of the worlds. `drawn`: how many of them drew all from their seeds. Resolves with the exit code. */
const conclude = async (total: Tally, spent: string, drawn: number): Promise<number> => {
  const missing = drawn >= CELLS_CHECKED_FROM ? missingCells(total.cells) : []
  for (const cell of missing) console.log(`never visited: ${cell}`)
  await showFailures(total.failures)
  report(total)
  const violations =
    total.failures.reduce((sum, failure) => sum + failure.violations.length, 0) + missing.length
  const faults = faultsOf(total)
  console.log(`${spent} s, ${total.steps} steps, ${Object.keys(total.cells).length} cells visited`)
  console.log(`${total.worlds} worlds, ${total.orders} orders, ${faults} faults, ${violations} violations`)
  return violations > 0 ? 1 : 0
}

const printScripts = async (service: Scripted): Promise<number> => {
  process.stdout.write(JSON.stringify(await recordScripts(service, SCRIPTS)))
  return 0
}

const seconds = (startedAt: number): string => ((performance.now() - startedAt) / 1_000).toFixed(1)

const faultsOf = (total: Tally): number => Object.values(total.faults).reduce((sum, times) => sum + times, 0)

/** The totals so far, so that a run that is cut off still leaves a result. */
const progress = (total: Tally): string => {
  const seeds = total.failures.map((failure) => failure.plan.seed)
  const failed = seeds.length === 0 ? '0 failed' : `${seeds.length} failed (${seeds.join(', ')})`
  return `so far ${total.worlds} worlds, ${total.orders} orders, ${faultsOf(total)} faults, ${days(total)} days, ${failed}`
}

const days = (total: Tally): string => (total.virtualMs / DAY_MS).toFixed(1)

const report = (total: Tally): void => {
  const faults = Object.entries(total.faults).sort(([, left], [, right]) => right - left)
  console.log(`faults: ${faults.map(([fault, times]) => `${fault} ${times}`).join(', ')}`)
  const seeds = [...new Set(total.failures.map((failure) => failure.plan.seed))]
  if (seeds.length > 0) console.log(`failing seeds: ${seeds.join(', ')}`)
  console.log(`virtual time: ${days(total)} days`)
}

/** Prints each broken invariant once, with its first seed, and the first failing world, made small enough to read. */
const showFailures = async (failures: readonly Failure[]): Promise<void> => {
  const byInvariant = new Map<string, { failure: Failure; detail: string; times: number }>()
  for (const failure of failures) {
    for (const { invariant, detail } of failure.violations) {
      const known = byInvariant.get(invariant)
      if (known === undefined) byInvariant.set(invariant, { failure, detail, times: 1 })
      else known.times += 1
    }
  }
  for (const [invariant, { failure, detail, times }] of [...byInvariant].slice(0, FAILURES_SHOWN)) {
    console.log(`${times} times, first with seed ${failure.plan.seed}: ${invariant}\n    ${detail}`)
  }
  const [invariant] = byInvariant.keys()
  const failing = invariant === undefined ? undefined : byInvariant.get(invariant)?.failure
  if (invariant === undefined || failing === undefined) return
  const plan = await shrink(failing.plan, invariant)
  const file = join(tmpdir(), `edge-orders-seed-${plan.seed}.json`)
  writeFileSync(file, JSON.stringify(plan))
  console.log(timelineOf(await runWorld(plan, { isTraced: true })).join('\n'))
  console.log(`npm run sim -- --replay ${file}`)
}

const replay = async (plans: readonly Plan[]): Promise<number> => {
  let violations = 0
  let orders = 0
  let faults = 0
  for (const plan of plans) {
    const outcome = await runWorld(plan, { isTraced: true })
    console.log(timelineOf(outcome).join('\n'))
    violations += outcome.violations.length
    orders += outcome.orders
    faults += outcome.struck.length
  }
  console.log(`${plans.length} worlds, ${orders} orders, ${faults} faults, ${violations} violations`)
  return violations > 0 ? 1 : 0
}
