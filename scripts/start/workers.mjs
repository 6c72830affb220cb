// The four Workers, as `wrangler dev` runs them for `npm start`.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure } from '../failure.mjs'
import { CONFIGS, ROOT, WITH_FAULTS } from '../wrangler.mjs'
import { PROXY_RESTARTED } from './patch-runtime.mjs'
import { serveWrangler } from './processes.mjs'

/** @typedef {import('./settings.mjs').Settings} Settings */

/**
 * Runs until wrangler ends, or until its proxy has crashed. Neither should happen.
 * @param {Settings} settings
 * @returns {Promise<never>}
 */
export const runWorkers = (settings) =>
  new Promise((_, reject) => {
    const onMessage = (/** @type {unknown} */ message) => {
      if (message === PROXY_RESTARTED) reject(proxyCrashed(settings))
    }
    startWrangler(settings, onMessage).then((ending) => reject(wranglerEnded(ending)), reject)
  })

/**
 * @param {Settings} settings
 * @param {(message: unknown) => void} onMessage
 */
const startWrangler = ({ port, stateDir, retentionDays }, onMessage) =>
  serveWrangler(
    [
      'dev',
      ...CONFIGS.flatMap((config) => ['-c', config]),
      ...['--persist-to', stateDir, '--port', String(port), '--ip', 'localhost', '--inspector-port', '0'],
      // /readyz waits for the demo products, and the .dev.vars of an older version does not ask for them.
      ...['--var', 'DEMO_CATALOGUE:true', '--show-interactive-dev-session=false'],
      ...(retentionDays === undefined ? [] : ['--var', `RETENTION_DAYS:${retentionDays}`]),
    ],
    {
      environment: developmentEnvironment(stateDir),
      imports: [
        moduleUrl('bank-variables.mjs'),
        moduleUrl('proxy-restart.mjs'),
        ...(isOpen() ? [] : [moduleUrl('closed-runtime.mjs')]),
      ],
      onMessage,
    },
  )

/** @param {string} name */
const moduleUrl = (name) => pathToFileURL(join(ROOT, 'scripts/start', name)).href

/** The developer wants wrangler's explorer, and with it the handlers that the explorer can call. */
const isOpen = () => process.env.X_LOCAL_EXPLORER === 'true'

/** @param {string} stateDir */
const developmentEnvironment = (stateDir) => ({
  ...WITH_FAULTS,
  // Quiet by default: a log line for each request slows the system, and stops it when no program reads the pipe.
  WRANGLER_LOG: process.env.WRANGLER_LOG || 'warn',
  WRANGLER_REGISTRY_PATH: join(stateDir, 'registry'),
  // With observability wrangler writes every span of every request into a database of its own.
  X_LOCAL_OBSERVABILITY: process.env.X_LOCAL_OBSERVABILITY || 'false',
  // Wrangler's explorer lets every caller of the port read and write all stored data.
  X_LOCAL_EXPLORER: String(isOpen()),
  WRANGLER_CI_DISABLE_CONFIG_WATCHING: 'true',
})

const START_AGAIN = 'start again. Orders that were accepted with 202 are stored, and go on after the start.'

/** @param {import('./processes.mjs').Ending} ending */
const wranglerEnded = ({ code, signal }) =>
  new Failure(
    `The Workers stopped: wrangler ended with ${signal ?? `code ${code}`}.`,
    `Look for its message above, and ${START_AGAIN}`,
  )

/** @param {Settings} settings */
const proxyCrashed = ({ port }) =>
  new Failure(
    `Wrangler's proxy, the process that listens on port ${port}, crashed or was killed. Wrangler cannot connect a new proxy to the Workers, so the system stops.`,
    `Look for the cause above, and ${START_AGAIN}`,
  )
