import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { MUTANTS } from './mutant-list.ts'

const run = promisify(execFile)

/** The same worlds in every run. Other ones belong to `.ci/run`, which draws new seeds every day. */
const SEEDS = 60
const FIRST_SEED = 1

/** Runs in a process of its own, because a world replaces the clock, chance and timers, which vitest needs for itself. */
const simulate = async (...args: string[]): Promise<string> => {
  const main = resolve(import.meta.dirname, 'main.ts')
  const { stdout } = await run(process.execPath, [main, ...args]).catch((error: { stdout: string }) => error)
  return stdout
}

it('keeps every invariant in all kept worlds and in 60 others', async () => {
  const output = await simulate('--seed', String(FIRST_SEED), '--seeds', String(SEEDS))
  expect(output.trimEnd().split('\n').at(-1), output).toMatch(
    /^\d+ worlds, \d+ orders, \d+ faults, 0 violations$/,
  )
}, 120_000)

it('has each mutant in the table of the guarantees', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/guarantees.md'), 'utf8')
  const listed = Array.from(page.matchAll(/^\| ([^|]+) \| \d+ \| [^|]+ \|$/gm), ([, name]) => name)
  expect(listed).toEqual(MUTANTS.map(({ name }) => name))
})
