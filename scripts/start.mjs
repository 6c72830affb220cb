// `npm start`: the whole system on this machine, migrated, seeded and ready for orders.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseEnv } from 'node:util'
import { makeDevVars } from './dev-vars.mjs'
import { Failure } from './failure.mjs'
import { until } from './start/api.mjs'
import { seedDemoCatalogue } from './start/demo-catalogue.mjs'
import { applyMigrations } from './start/migrations.mjs'
import { waitForPort } from './start/port.mjs'
import { serveWrangler, stopAll } from './start/processes.mjs'
import { readSettings } from './start/settings.mjs'
import { claimStateFolder } from './start/state-folder.mjs'
import { CONFIGS, ROOT } from './wrangler.mjs'

/** @typedef {import('./start/settings.mjs').Settings} Settings */

const READY_WITHIN_MS = 120_000

/** What is still missing then does not come by itself. */
const TOLD_AFTER_MS = 5_000

const PARENT_CHECK_MS = 250

const main = async () => {
  const settings = readSettings(process.env)
  await claimStateFolder(settings)
  await waitForPort(settings.port)
  makeDevVars()
  await applyMigrations(settings.stateDir)
  const { BOOTSTRAP_KEY: key } = parseEnv(readFileSync(join(ROOT, '.dev.vars'), 'utf8'))
  if (!key) throw new Failure('.dev.vars has no BOOTSTRAP_KEY.', 'Add the line that .dev.vars.example shows.')
  const server = {
    origin: `http://localhost:${settings.port}`,
    key,
    deadline: AbortSignal.timeout(READY_WITHIN_MS),
  }
  const wrangler = runWorkers(settings)
  await Promise.race([becomeReady(server, settings), wrangler])
  console.log(`edge-orders ready on ${server.origin}\n${welcome(server)}`)
  await wrangler
}

/**
 * Runs until wrangler ends, which it should not do by itself.
 * @param {Settings} settings
 * @returns {Promise<never>}
 */
const runWorkers = async ({ port, stateDir }) => {
  const { code, signal } = await serveWrangler(
    [
      'dev',
      ...CONFIGS.flatMap((config) => ['-c', config]),
      ...['--persist-to', stateDir, '--port', String(port), '--ip', 'localhost', '--inspector-port', '0'],
      // Readiness waits for what is seeded; a .dev.vars of before does not say so.
      ...['--var', 'DEMO_CATALOGUE:true', '--show-interactive-dev-session=false'],
    ],
    { environment: developmentEnvironment(stateDir), imports: isOpen() ? [] : [CLOSED_RUNTIME] },
  )
  throw new Failure(
    `The Workers stopped: wrangler ended with ${signal ?? `code ${code}`}.`,
    'Look for its message above, and start again. Nothing that was answered with 202 is lost.',
  )
}

const CLOSED_RUNTIME = pathToFileURL(join(ROOT, 'scripts/start/closed-runtime.mjs')).href

/** The developer wants wrangler's explorer, and with it the handlers that it can call. */
const isOpen = () => process.env.X_LOCAL_EXPLORER === 'true'

/** @param {string} stateDir */
const developmentEnvironment = (stateDir) => ({
  // Quiet unless asked: the log of every request slows the system, and stops it where nobody reads the pipe.
  WRANGLER_LOG: process.env.WRANGLER_LOG || 'warn',
  WRANGLER_REGISTRY_PATH: join(stateDir, 'registry'),
  // Wrangler would write every span of every request into a database of its own.
  X_LOCAL_OBSERVABILITY: process.env.X_LOCAL_OBSERVABILITY || 'false',
  // Wrangler's explorer reads and writes all that is stored, for everyone who reaches the port.
  X_LOCAL_EXPLORER: String(isOpen()),
  WRANGLER_CI_DISABLE_CONFIG_WATCHING: 'true',
})

/**
 * @param {import('./start/api.mjs').Server} server
 * @param {Settings} settings
 */
const becomeReady = async (server, { stateDir }) => {
  await seedDemoCatalogue(server, stateDir)
  const tell = tellOnce(Date.now() + TOLD_AFTER_MS)
  await until(server, '/readyz', ({ status, text }) => status === 200 || tell(text))
}

/**
 * Says what is in the way while it goes on waiting: it may be a setting that only a person can set back.
 * @param {number} at
 * @returns {(text: string) => false}
 */
const tellOnce = (at) => {
  let isTold = false
  return (text) => {
    if (!isTold && Date.now() > at) {
      isTold = true
      console.log(`Not ready yet. /readyz says:\n${text}`)
    }
    return false
  }
}

/** @param {import('./start/api.mjs').Server} server */
const welcome = ({ origin, key }) => `
  Health          ${origin}/readyz
  API, events     ${origin}/docs  ${origin}/docs/events
  Key             ${key}  (for development, every scope)

Place an order:
  curl -X POST ${origin}/orders -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"items":[{"productId":"P001","quantity":2},{"productId":"P002","quantity":1}],"totalAmount":150.00,"currency":"USD"}'

Read it, with the orderId of the answer:
  curl ${origin}/orders/ORDER_ID -H 'Authorization: Bearer ${key}'

Ctrl+C stops everything. WRANGLER_LOG=log npm start shows every request and log line.
`

let isStopping = false

/** @param {number} code */
const stop = async (code) => {
  if (isStopping) return
  isStopping = true
  await stopAll()
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0))

/** An npm that is killed outright cannot tell us. */
const stopWithNpm = () => {
  const npm = process.ppid
  setInterval(() => process.ppid !== npm && stop(0), PARENT_CHECK_MS).unref()
}

if (process.env.npm_lifecycle_event === 'start') stopWithNpm()

main().catch((error) => {
  if (isStopping) return
  console.error(error instanceof Failure ? `\n${error.message}` : error)
  return stop(1)
})
