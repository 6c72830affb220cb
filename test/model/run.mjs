// `npm run model`: verifies the saga's model with spin. `-- --mutants` shows that it can fail; `-- --quick` leaves out
// the two searches that take minutes.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * One exhaustive search: of assertions and end states, or of one ltl formula.
 * @typedef {{ title: string, defines: string[], ltl?: 'invariants' | 'decides_once' | 'settles', isLong?: boolean }} Verification
 * @typedef {{ states: number, transitions: number, depth: number, memoryMb: number, seconds: number,
 *   errors: number, isComplete: boolean, output: string, trail: string }} Result
 */

const MODEL = join(import.meta.dirname, 'saga.pml')

/** Steps of the longest path that spin may follow. It prints a warning when a path is longer. */
const DEPTH_MAX = 1_000_000
const MEMORY_MAX_MB = 4_000
/** A search that takes longer is given up, and counts as incomplete. */
const SEARCH_MS_MAX = 30 * 60_000
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

/** One side with all its turns and faults, the other in one step: `saga.pml`. */
const INVENTORY = ['PAYMENT_AT_ONCE']
const PAYMENT = ['INVENTORY_AT_ONCE']
const FAULTY = ['NEVER_CALM']

/** @type {Verification[]} */
const VERIFICATIONS = [
  { title: 'invariants, two inventory workers', defines: [...FAULTY, 'INVENTORY_WORKERS=2'] },
  { title: 'invariants, two payment workers', defines: [...FAULTY, 'PAYMENT_WORKERS=2'] },
  { title: 'invariants as ltl', defines: FAULTY, ltl: 'invariants' },
  { title: 'decides once', defines: FAULTY, ltl: 'decides_once' },
  { title: 'ends settled, inventory', defines: INVENTORY },
  { title: 'ends settled, payment', defines: PAYMENT },
  { title: 'settles, saga', defines: [...INVENTORY, ...PAYMENT], ltl: 'settles' },
  { title: 'settles, inventory', defines: INVENTORY, ltl: 'settles', isLong: true },
  { title: 'settles, payment', defines: [...PAYMENT, 'LOSES_BY_INBOX'], ltl: 'settles', isLong: true },
]

/** @type {Verification[]} */
const MUTANTS = [
  { title: 'NO_STOCK_TOMBSTONE', defines: [...FAULTY, ...INVENTORY] },
  { title: 'VOTE_RECOMPUTED', defines: [...FAULTY, ...INVENTORY] },
  { title: 'RELEASE_NOT_AWAITED', defines: [...FAULTY, ...INVENTORY] },
  { title: 'HALF_RELEASED', defines: [...FAULTY, ...INVENTORY] },
  { title: 'SETTLE_ON_SEND', defines: [...FAULTY, ...INVENTORY, ...PAYMENT] },
  { title: 'NO_PAYMENT_TOMBSTONE', defines: [...FAULTY, ...PAYMENT] },
  { title: 'UNRECORDED_IS_NOT_DONE', defines: [...FAULTY, ...PAYMENT] },
  { title: 'SECOND_KEY', defines: [...FAULTY, ...PAYMENT] },
  { title: 'NO_LEASE', defines: [...FAULTY, ...PAYMENT, 'PAYMENT_WORKERS=2'] },
  { title: 'NEW_KEY_AT_ONCE', defines: [...FAULTY, ...PAYMENT] },
  { title: 'ARRIVAL_JUDGED_AFTERWARDS', defines: [...FAULTY, ...PAYMENT] },
  { title: 'NO_RESEND', defines: [...INVENTORY, ...PAYMENT] },
  { title: 'NO_RESEND', defines: [...INVENTORY, ...PAYMENT], ltl: 'settles' },
]

/** @param {string[]} args */
const main = (args) => {
  const unknown = args.find((arg) => arg !== '--mutants' && arg !== '--quick')
  if (unknown !== undefined)
    return giveUp(`Unknown argument ${unknown}. Usage: npm run model [-- --mutants | --quick]`)
  const missing = ['spin', 'cc'].filter((tool) => !isThere(tool))
  if (missing.length > 0)
    return giveUp(`${missing.join(' and ')} not found: apt-get install spin gcc libc6-dev`)
  const isDone = args.includes('--mutants')
    ? catchMutants()
    : verifyAll({ isQuick: args.includes('--quick') })
  process.exitCode = isDone ? 0 : 1
}

/** @param {string} tool */
const isThere = (tool) => spawnSync(tool, [tool === 'spin' ? '-V' : '--version']).error === undefined

/** @param {string} reason */
const giveUp = (reason) => {
  console.error(reason)
  process.exitCode = 1
}

/** @param {{ isQuick: boolean }} options */
const verifyAll = ({ isQuick }) => {
  const searches = VERIFICATIONS.filter(({ isLong }) => !(isQuick && isLong))
  const results = searches.map((verification) => {
    const result = search(verification)
    console.log(line(verification, result))
    if (!isProven(result)) console.log(explanation(result))
    return result
  })
  const states = total(results, 'states')
  const errors = results.filter((result) => !isProven(result)).length
  console.log(`${states} states, ${total(results, 'transitions')} transitions, ${errors} errors`)
  return errors === 0
}

/** A mutant is caught by a counterexample, not by a search that failed. */
const catchMutants = () => {
  const survivors = MUTANTS.filter((mutant) => {
    const result = search({ ...mutant, defines: [...mutant.defines, mutant.title] })
    const isCaught = result.errors > 0 && result.trail !== ''
    console.log(
      `${isCaught ? 'caught  ' : 'SURVIVED'} ${line(mutant, result)} ${isCaught ? '' : result.output}`,
    )
    if (isCaught) console.log(`         by ${brokenInvariant(result)}`)
    return !isCaught
  })
  console.log(`${MUTANTS.length} searches of mutants, ${survivors.length} survived`)
  return survivors.length === 0
}

/** The invariant that the trail breaks, by its name in the model. @param {Result} result */
const brokenInvariant = ({ output }) => {
  const message = /^pan:\d+: (.*) \(at depth/m.exec(output)?.[1] ?? ''
  const invariant = Object.entries(INVARIANTS).find(([words]) => message.includes(words))
  return invariant?.[1] ?? message
}

/** Maps a part of spin's message, in which every macro is expanded, to the name of the invariant. */
const INVARIANTS = {
  'acceptance cycle': 'a fair run in which the order is never settled for good',
  'authorizations<=1': 'once_at_the_bank',
  is_settled: 'settled_is_done',
}

/** @param {Result} result */
const isProven = ({ errors, isComplete }) => errors === 0 && isComplete

/** @param {Result[]} results @param {'states' | 'transitions'} figure */
const total = (results, figure) => results.reduce((sum, result) => sum + result[figure], 0)

/** @param {Verification} verification @param {Result} result */
const line = ({ title, ltl }, { states, transitions, depth, memoryMb, seconds, errors, isComplete }) =>
  [
    (ltl === undefined ? title : `${title} (ltl ${ltl})`).padEnd(36),
    `${states} states`.padStart(16),
    `${transitions} transitions`.padStart(22),
    `depth ${depth}`.padStart(12),
    `${Math.ceil(memoryMb)} MB`.padStart(9),
    `${seconds.toFixed(1)} s`.padStart(9),
    `${errors} errors`.padStart(10),
    ...(isComplete || errors > 0 ? [] : ['INCOMPLETE']),
  ].join(' ')

/** @param {Result} result */
const explanation = ({ trail, output }) => (trail === '' ? output : `\nCounterexample:\n${trail}`)

/**
 * Compiles and runs one search in a folder of its own.
 * @param {Verification} verification
 * @returns {Result}
 */
const search = ({ defines, ltl }) => {
  const folder = mkdtempSync(join(tmpdir(), 'saga-model-'))
  const switches = defines.map((define) => `-D${define}`)
  try {
    copyFileSync(MODEL, join(folder, 'saga.pml'))
    run(folder, 'spin', ['-a', ...switches, 'saga.pml'])
    run(folder, 'cc', ['-O2', '-w', '-o', 'pan', ...compilation(ltl), 'pan.c'])
    const started = performance.now()
    const output = runPan(folder, ltl)
    const seconds = (performance.now() - started) / 1_000
    const hasTrail = existsSync(join(folder, 'saga.pml.trail'))
    const trail = hasTrail ? readTrail(run(folder, 'spin', ['-t', ...switches, 'saga.pml'])) : ''
    return { ...figuresOf(output), seconds, output, trail }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @param {Verification['ltl']} ltl */
const compilation = (ltl) => {
  const common = ['-DVECTORSZ=1024', `-DMEMLIM=${MEMORY_MAX_MB}`]
  if (ltl === undefined) return [...common, '-DSAFETY', '-DNOCLAIM']
  return ltl === 'settles' ? [...common, '-DNFAIR=4'] : common
}

/** @param {string} folder @param {Verification['ltl']} ltl */
const runPan = (folder, ltl) => {
  const fairness = ltl === 'settles' ? ['-f'] : []
  const claim = ltl === undefined ? [] : ['-a', ...fairness, '-N', ltl]
  return run(folder, './pan', [`-m${DEPTH_MAX}`, '-w24', '-n', ...claim], [0, 1, 2])
}

/**
 * @param {string} folder
 * @param {string} command
 * @param {string[]} args
 * @param {number[]} goodCodes
 */
const run = (folder, command, args, goodCodes = [0]) => {
  const options = { cwd: folder, timeout: SEARCH_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX }
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  const output = `${stdout}${stderr}`
  if (error === undefined && status !== null && goodCodes.includes(status)) return output
  if (command === './pan') return `${output}\npan: search not completed: ${error ?? `exit code ${status}`}`
  throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${output}`, { cause: error })
}

/** Anything that spin warns of leaves the search incomplete. */
const INCOMPLETE =
  /search not completed|max search depth too small|out of memory|aborting|truncated|bit statespace/i

/** @param {string} output */
const figuresOf = (output) => {
  const figure = (/** @type {RegExp} */ pattern) => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const errors = figure(/errors: (\d+)/)
  return {
    states: figure(/(\d+) states, stored/),
    transitions: figure(/([\d.e+]+) transitions \(/),
    depth: figure(/depth reached (\d+)/),
    memoryMb: figure(/([\d.]+)\s+total actual memory usage/),
    errors: Number.isNaN(errors) ? 1 : errors,
    isComplete: !Number.isNaN(errors) && !INCOMPLETE.test(output),
  }
}

/** What happened, step by step, and the variables at the end. @param {string} output */
const readTrail = (output) =>
  output
    .split('\n')
    .filter(
      (each) =>
        !/^(ltl |\s*the model contains|\s*only one claim|\s*choose which|\s*or use|Never claim)/.test(each),
    )
    .filter((each) => !/^\s*\d+:\s+proc|processes created/.test(each))
    .map((each) => (/^\t\t/.test(each) ? `    ${each.trim()}` : each.trim()))
    .join('\n')

main(process.argv.slice(2))
