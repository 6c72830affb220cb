import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Chunk, emptyTally, merge, type Tally } from './chunks.ts'
import { runOnThreads } from './threads.ts'

/**
 * The totals are written after this many worlds, so that at most three minutes of work are lost. Each round has threads of
 * its own, which are slow at first: shorter rounds would cost a tenth of the time.
 */
const ROUND_SEEDS = 10_000

/** The results of a run of many worlds so far. The run may be stopped or killed, and continues from here. */
export type LongRun = {
  first: number
  /** How many random worlds were run. The kept ones do not count. */
  done: number
  /** The commits that ran it, and how many worlds each. */
  commits: Record<string, number>
  seconds: number
  total: Tally
}

export type LongRunPorts = {
  file: string
  chunksOf: (first: number, count: number) => Chunk[]
  print: (run: LongRun) => void
}

/** Runs the worlds from `first` that the file does not count yet, up to `count`, and adds their results to the file. */
export const runLong = async (
  first: number,
  count: number,
  { file, chunksOf, print }: LongRunPorts,
): Promise<LongRun> => {
  const run = readLongRun(file, first)
  const commit = currentCommit()
  while (run.done < count) {
    const startedAt = performance.now()
    const seeds = Math.min(ROUND_SEEDS, count - run.done)
    merge(run.total, await runOnThreads(chunksOf(first + run.done, seeds)))
    run.done += seeds
    run.commits[commit] = (run.commits[commit] ?? 0) + seeds
    run.seconds = Math.round(run.seconds + (performance.now() - startedAt) / 1_000)
    writeLongRun(file, run)
    print(run)
  }
  return run
}

const readLongRun = (file: string, first: number): LongRun => {
  if (!existsSync(file)) return { first, done: 0, commits: {}, seconds: 0, total: emptyTally() }
  const run = JSON.parse(readFileSync(file, 'utf8')) as LongRun
  if (run.first !== first) throw new Error(`${file} counts the worlds from seed ${run.first}, not ${first}`)
  return run
}

/** A run that is killed while it writes leaves the last file whole. */
const writeLongRun = (file: string, run: LongRun): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

const currentCommit = (): string => {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
