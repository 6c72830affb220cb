// `npm run deploy`: carries out what deploy-plan.mjs lists, and stops at the first step that fails.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { unstable_readConfig as readConfig } from 'wrangler'
import { planDeployment, STORAGE_KEY } from './deploy-plan.mjs'
import { makeStorageKey } from './dev-vars.mjs'
import { Failure } from './failure.mjs'
import { WHOLE_DEPLOYMENT } from './single-deployment.mjs'
import { CONFIGS, ROOT, wranglerArguments, wranglerEnvironment } from './wrangler.mjs'

/** @typedef {import('./deploy-plan.mjs').Step} Step */
/** @typedef {{ code: number | null, output: string }} Ending */

/**
 * The part of wrangler's configuration that matters here.
 * @typedef {{
 *   vars: Record<string, unknown>,
 *   queues: { producers?: { queue: string }[], consumers?: { queue: string, dead_letter_queue?: string }[] },
 *   d1_databases: { binding: string, database_name?: string }[],
 *   vars?: Record<string, unknown>,
 *   workers_dev?: boolean,
 * }} Config
 */

/**
 * By the Worker's configuration. Not `[secrets] required` of wrangler: beside that list it ignores every
 * other name in `.dev.vars`.
 * @type {Record<string, string[]>}
 */
const REQUIRED_SECRETS = { 'wrangler.toml': ['BOOTSTRAP_KEY'] }

/** These keep what has to be sealed or hashed: webhooks' secrets, payment tokens. The others keep neither. */
const WITH_STORAGE_KEY = ['wrangler.toml', 'workers/operations/wrangler.toml']

/** A new workers.dev address takes some seconds to be known everywhere. */
const READY_WITHIN_MS = 60_000

const main = async () => {
  const { isDryRun, paymentGateway } = readArguments()
  const plan = planDeployment({ workers: readWorkers(), isDryRun, paymentGateway }, process.env)
  if ('refusal' in plan) throw new Failure('Nothing was deployed.', plan.refusal)
  for (const note of plan.notes) console.log(`Note, for the real deployment: ${note}\n`)
  const folder = makeFolder()
  const addresses = []
  /** @type {Set<string>} */
  const lackingKey = new Set()
  for (const [index, step] of plan.steps.entries()) {
    console.log(`[${index + 1}/${plan.steps.length}] ${step.title}`)
    addresses.push(...(await carryOut(step, { folder, lackingKey })))
  }
  await (isDryRun ? console.log('\nEvery Worker builds. Nothing was deployed.') : welcome(addresses))
}

const readArguments = () => {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false }, 'payment-gateway': { type: 'string' } },
  })
  return { isDryRun: values['dry-run'], paymentGateway: values['payment-gateway'] }
}

/** The order Worker is bound to the others, so it goes last. */
const readWorkers = () => {
  const [order, ...others] = CONFIGS.map(readWorker)
  return [...others, ...(order ? [order] : [])]
}

/** @param {string} config */
const readWorker = (config) => {
  /** @type {Config} */
  const { vars, queues, d1_databases, workers_dev } = readConfig(
    { config: join(ROOT, config) },
    { hideWarnings: true },
  )
  const consumed =
    queues.consumers?.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue]) ?? []
  const produced = queues.producers?.map(({ queue }) => queue) ?? []
  return {
    config,
    queues: [...consumed, ...produced].filter((name) => name !== undefined),
    databases: d1_databases.map(({ binding, database_name }) => ({
      binding,
      name: database_name ?? binding,
    })),
    secrets: REQUIRED_SECRETS[config] ?? [],
    hasStorageKey: WITH_STORAGE_KEY.includes(config),
    vars: vars ?? {},
    isPublic: workers_dev !== false,
    callsBank: config.startsWith('workers/payment/'),
  }
}

/**
 * @param {Step} step
 * @param {{ folder: string, lackingKey: Set<string> }} deployment `lackingKey`: Workers that were found without a `STORAGE_KEY`
 * @returns {Promise<string[]>} the public addresses that the step made known
 */
const carryOut = async (step, { folder, lackingKey }) => {
  const report = join(folder, 'report.ndjson')
  const ending = await run([...step.command, ...handOver(secretsFor(step, lackingKey), folder)], report)
  judge(step, ending)
  if (step.looksForKeyOf !== undefined && !STORAGE_KEY.test(ending.output)) lackingKey.add(step.looksForKeyOf)
  return step.isPublic ? addressesIn(report) : []
}

/**
 * @param {Step} step
 * @param {Set<string>} lackingKey
 * @returns {Record<string, string | undefined>}
 */
const secretsFor = ({ secrets = [], makesKeyOf }, lackingKey) => ({
  ...Object.fromEntries(secrets.map((name) => [name, process.env[name]])),
  ...(makesKeyOf !== undefined && lackingKey.has(makesKeyOf) ? { STORAGE_KEY: makeStorageKey() } : {}),
})

/** For secrets: only its owner can read it, and it goes when we go, by whatever way. */
const makeFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-deploy-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  return folder
}

/**
 * As JSON, because wrangler expands `$NAME` in the other format. What the file leaves out stays as it is set.
 * @param {Record<string, string | undefined>} secrets
 * @param {string} folder
 */
const handOver = (secrets, folder) => {
  if (Object.keys(secrets).length === 0) return []
  const file = join(folder, 'secrets.json')
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return ['--secrets-file', file]
}

/**
 * Without a terminal, so that wrangler asks nothing.
 * @param {string[]} command
 * @param {string} report
 * @returns {Promise<Ending>}
 */
const run = ([, ...args], report) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, wranglerArguments(args), {
      cwd: ROOT,
      env: { ...wranglerEnvironment(), [WHOLE_DEPLOYMENT]: 'true', WRANGLER_OUTPUT_FILE_PATH: report },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: stripVTControlCharacters(output) }))
  })

/**
 * @param {Step} step
 * @param {Ending} ending
 */
const judge = ({ command, tolerate, expect, advice, looksForKeyOf }, { code, output }) => {
  if (code !== 0 && tolerate?.test(output))
    return console.log(looksForKeyOf === undefined ? '  exists already' : '  not deployed yet')
  if (code === 0 && (expect === undefined || expect.test(output))) return console.log(summary(output))
  throw new Failure(
    `\nStopped. \`${command.join(' ')}\` ${code === 0 ? 'answered' : 'failed'}:\n\n${output.trim()}\n`,
    `${advice}\nIt is safe to run npm run deploy again.`,
  )
}

/** @param {string} output */
const summary = (output) => `  ${/^Total Upload: .*$/m.exec(output)?.[0] ?? 'done'}`

/** @param {string} report what wrangler notes for programs, one JSON object a line */
const addressesIn = (report) =>
  readFileSync(report, 'utf8')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => JSON.parse(line).targets ?? [])
    .filter((target) => target.startsWith('https://'))

/** @param {string[]} addresses */
const welcome = async ([address]) => {
  if (address === undefined)
    return console.log('\nDeployed. Its address is a route of your own; ask its /readyz whether it is ready.')
  console.log(`\nDeployed to ${address}`)
  const last = await untilReady(`${address}/readyz`)
  if (last === undefined) return console.log('It is ready for orders.')
  throw new Failure(
    `It is deployed but not ready: ${address}/readyz answered ${last}.`,
    'A new address may need some minutes: ask it again. `npx wrangler tail edge-orders` shows what happens inside.',
  )
}

/**
 * @param {string} url
 * @returns {Promise<string | undefined>} undefined once it is ready, else its last answer
 */
const untilReady = async (url) => {
  const giveUpAt = Date.now() + READY_WITHIN_MS
  for (;;) {
    const answer = await ask(url)
    if (answer === undefined || Date.now() > giveUpAt) return answer
    await sleep(2_000)
  }
}

/** @param {string} url */
const ask = async (url) => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    return response.ok ? undefined : `${response.status} ${await response.text()}`
  } catch (error) {
    return `nothing (${error instanceof Error ? (error.cause ?? error) : error})`
  }
}

main().catch((error) => {
  console.error(error instanceof Failure || error.code?.startsWith('ERR_PARSE_ARGS') ? error.message : error)
  process.exit(1)
})
