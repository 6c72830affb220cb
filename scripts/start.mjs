// `npm start`: the whole system on this machine, with migrated databases and demo products, ready for orders.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { makeDevVars } from './dev-vars.mjs'
import { Failure } from './failure.mjs'
import { until } from './start/api.mjs'
import { requireBankKey } from './start/bank-key.mjs'
import { seedDemoCatalogue } from './start/demo-catalogue.mjs'
import { applyMigrations } from './start/migrations.mjs'
import { waitForPort } from './start/port.mjs'
import { stopAll } from './start/processes.mjs'
import { readSettings } from './start/settings.mjs'
import { claimStateFolder } from './start/state-folder.mjs'
import { runWorkers } from './start/workers.mjs'
import { ROOT } from './wrangler.mjs'

const READY_WITHIN_MS = 120_000

/** A part that is still missing then may need help from the user. */
const REPORT_AFTER_MS = 5_000

const PARENT_CHECK_MS = 250

const main = async () => {
  const settings = readSettings(process.env)
  await claimStateFolder(settings)
  await waitForPort(settings.port)
  makeDevVars()
  requireBankKey(process.env)
  await applyMigrations(settings.stateDir)
  const server = {
    origin: `http://localhost:${settings.port}`,
    key: developmentKey(),
    deadline: AbortSignal.timeout(READY_WITHIN_MS),
  }
  const workers = runWorkers(settings)
  await Promise.race([becomeReady(server, settings.stateDir), workers])
  console.log(`edge-orders ready on ${server.origin}\n${welcome(server)}`)
  await workers
}

const developmentKey = () => {
  const { BOOTSTRAP_KEY: key } = parseEnv(readFileSync(join(ROOT, '.dev.vars'), 'utf8'))
  if (key) return key
  throw new Failure('.dev.vars has no BOOTSTRAP_KEY.', 'Add the line of .dev.vars.example.')
}

/**
 * @param {import('./start/api.mjs').Server} server
 * @param {string} stateDir
 */
const becomeReady = async (server, stateDir) => {
  await seedDemoCatalogue(server, stateDir)
  const report = reportOnce(Date.now() + REPORT_AFTER_MS)
  await until(server, '/readyz', ({ status, text }) => {
    if (status !== 200) report(text)
    return status === 200
  })
}

/**
 * Prints what is missing, once, while the start goes on waiting: it may be a setting that only the user can correct.
 * @param {number} at
 * @returns {(text: string) => void}
 */
const reportOnce = (at) => {
  let isReported = false
  return (text) => {
    if (isReported || Date.now() <= at) return
    isReported = true
    console.log(`Not ready yet. /readyz says:\n${text}`)
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

Read it, with the orderId of the response:
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

/** An npm that was killed with SIGKILL sends no signal to its script. */
const stopWithNpm = () => {
  const npm = process.ppid
  setInterval(() => process.ppid !== npm && stop(0), PARENT_CHECK_MS).unref()
}

if (process.env.npm_lifecycle_event === 'start') stopWithNpm()

main().catch((/** @type {unknown} */ error) => {
  if (isStopping) return
  console.error(error instanceof Failure ? `\n${error.message}` : error)
  return stop(1)
})
