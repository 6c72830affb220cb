// `npm start`: the whole system on this machine, migrated, seeded and ready for orders.
import { constants, copyFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { createApi, untilReady } from './start/api.mjs'
import { seedDemoCatalogue } from './start/demo-catalogue.mjs'
import { Failure } from './start/failure.mjs'
import { applyMigrations } from './start/migrations.mjs'
import { serveWrangler, stopAll } from './start/processes.mjs'
import { CONFIGS, ROOT } from './wrangler.mjs'

/** @typedef {{ port: number, stateDir: string }} Settings */

const READY_WITHIN_MS = 120_000

/** A system that was killed a moment ago needs some milliseconds to let go of its port. */
const PORT_FREE_WITHIN_MS = 3_000

const PARENT_CHECK_MS = 250

const main = async () => {
  const settings = readSettings(process.env)
  await waitForPort(settings.port)
  makeDevVars()
  await applyMigrations(settings.stateDir)
  const { BOOTSTRAP_KEY: key } = parseEnv(readFileSync(join(ROOT, '.dev.vars'), 'utf8'))
  if (!key) throw new Failure('.dev.vars has no BOOTSTRAP_KEY.', 'Add the line that .dev.vars.example shows.')
  const server = { origin: `http://localhost:${settings.port}`, key, deadline: AbortSignal.timeout(READY_WITHIN_MS) }
  const wrangler = runWorkers(settings)
  await Promise.race([becomeReady(server, settings), wrangler])
  console.log(`edge-orders ready on ${server.origin}\n${welcome(server)}`)
  await wrangler
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Settings}
 */
const readSettings = ({ PORT = '8787', STATE_DIR = '.wrangler/state' }) => {
  const port = Number(PORT)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Failure(`PORT is "${PORT}".`, 'It must be a whole number from 1 to 65535.')
  }
  return { port, stateDir: resolve(ROOT, STATE_DIR) }
}

/** @param {number} port */
const waitForPort = async (port) => {
  const giveUpAt = Date.now() + PORT_FREE_WITHIN_MS
  while (!(await isFree(port, '127.0.0.1')) || !(await isFree(port, '::1'))) {
    if (Date.now() > giveUpAt) {
      throw new Failure(`Port ${port} is taken by another program.`, `Stop it, or choose another: PORT=${port + 1} npm start`)
    }
    await sleep(100)
  }
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
const isFree = (port, host) =>
  new Promise((answer) => {
    const server = createServer()
    // A machine without IPv6 has no ::1 to be taken.
    server.once('error', ({ code }) => answer(code !== 'EADDRINUSE' && code !== 'EACCES'))
    server.listen({ port, host }, () => server.close(() => answer(true)))
  })

/** The developer's own values stay as they are. */
const makeDevVars = () => {
  for (const folder of ['.', 'workers/payment']) {
    const file = join(ROOT, folder, '.dev.vars')
    try {
      copyFileSync(`${file}.example`, file, constants.COPYFILE_EXCL)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
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
      // The other half of the seeding: readiness waits for it. Wrangler takes nothing from .dev.vars but secrets.
      ...['--var', 'DEMO_CATALOGUE:true', '--show-interactive-dev-session=false'],
    ],
    developmentEnvironment(stateDir),
  )
  throw new Failure(
    `The Workers stopped: wrangler ended with ${signal ?? `code ${code}`}.`,
    'Look for its message above, and start again. Nothing that was answered with 202 is lost.',
  )
}

/** @param {string} stateDir */
const developmentEnvironment = (stateDir) => ({
  // Quiet unless asked: the log of every request slows the system, and stops it where nobody reads the pipe.
  WRANGLER_LOG: process.env.WRANGLER_LOG ?? 'warn',
  WRANGLER_REGISTRY_PATH: join(stateDir, 'registry'),
  // A request's `cf` object is made up, not fetched from cloudflare.com.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // Wrangler would write every span of every request into a database of its own.
  X_LOCAL_OBSERVABILITY: process.env.X_LOCAL_OBSERVABILITY ?? 'false',
  WRANGLER_CI_DISABLE_CONFIG_WATCHING: 'true',
})

/**
 * @param {import('./start/api.mjs').Server} server
 * @param {Settings} settings
 */
const becomeReady = async (server, { stateDir }) => {
  await seedDemoCatalogue(createApi(server), stateDir)
  await untilReady(server)
}

/** @param {import('./start/api.mjs').Server} server */
const welcome = ({ origin, key }) => `
  API reference   ${origin}/docs
  Health          ${origin}/readyz
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
