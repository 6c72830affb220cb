import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { MUTANTS, type Mutant } from './mutant-list.ts'

/** A mutant that survives this many worlds is not caught. */
const SEEDS_MAX = 1_200
const AT_ONCE = 2

/**
 * Breaks the system in each of the known ways, and counts the worlds until one notices. `part` is `2/4` for every fourth
 * mutant from the second on.
 */
export const runMutants = async (part = '1/1'): Promise<number> => {
  const startedAt = performance.now()
  const mutants = mutantsOf(part)
  const waiting = [...mutants]
  let caught = 0
  const work = async (): Promise<void> => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      const found = await runMutant(each)
      if (found.seeds !== undefined) caught += 1
      console.log(
        `${(found.seeds?.toString() ?? '–').padStart(4)} seeds  ${each.name.padEnd(56)} ${found.invariant}`,
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  console.log(`at most ${SEEDS_MAX} seeds each, ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
  console.log(`${caught} of ${mutants.length} mutants caught`)
  return caught === mutants.length ? 0 : 1
}

const mutantsOf = (part: string): Mutant[] => {
  const [, first, step] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(part) ?? []
  const mutants = MUTANTS.filter((_, index) => index % Number(step) === Number(first) - 1)
  if (mutants.length === 0)
    throw new Error(`--part is ${part}, which holds no mutant. 2/4 is every fourth, from the second on.`)
  return mutants
}

type Found = { seeds: number | undefined; invariant: string }

/** Runs each mutant in a process of its own, which prints one line of JSON. */
const runMutant = (mutant: Mutant): Promise<Found> =>
  new Promise((done, fail) => {
    const main = resolve(import.meta.dirname, 'main.ts')
    const child = spawn(process.execPath, [main, '--mutant', mutant.name, '--seeds', String(SEEDS_MAX)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (text: unknown) => {
      output += String(text)
    })
    child.on('error', fail)
    child.on('close', () =>
      done(output === '' ? { seeds: undefined, invariant: 'did not run' } : (JSON.parse(output) as Found)),
    )
  })
