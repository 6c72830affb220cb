// How the scripts call wrangler.
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The four Workers that make the system. */
export const SERVICES = [
  'wrangler.toml',
  'workers/inventory/wrangler.toml',
  'workers/payment/wrangler.toml',
  'workers/operations/wrangler.toml',
]

/**
 * The order Worker is first: `wrangler dev` serves the first Worker, and requests reach the others through it. Services
 * that `npm run new-subscriber` has added come last.
 */
export const CONFIGS = [
  ...SERVICES,
  ...readdirSync(join(ROOT, 'workers'))
    .map((worker) => `workers/${worker}/wrangler.toml`)
    .filter((config) => !SERVICES.includes(config) && existsSync(join(ROOT, config)))
    .sort(),
]

/**
 * The program itself. The `wrangler` command is a wrapper: one more process to start, to signal and to lose. A test of
 * the deployment puts a stand-in here.
 */
const PROGRAM = process.env.EDGE_ORDERS_WRANGLER || createRequire(import.meta.url).resolve('wrangler')

/**
 * The arguments with which Node runs wrangler.
 * @param {string[]} args
 */
export const wranglerArguments = (args) => ['--no-warnings', PROGRAM, ...args]

/** Wrangler's own. Among the files that `imports` in package.json offers, they choose the ones to bundle. */
const BUILD_CONDITIONS = 'workerd,worker,browser'

/** Bundles the fault port of drills. Only this environment does: a deployment gets the port that does nothing. */
export const WITH_FAULTS = { WRANGLER_BUILD_CONDITIONS: `${BUILD_CONDITIONS},drill` }

/** Wrangler calls Cloudflare's API only for commands that need it. It sends no telemetry, and looks for no updates. */
export const wranglerEnvironment = () => ({
  ...process.env,
  // Saves half a second each time that wrangler's 15 MB are loaded.
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node-compile'),
  // Wrangler makes up the `cf` object of a local request, and does not fetch one.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_BUILD_CONDITIONS: BUILD_CONDITIONS,
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
  WRANGLER_WRITE_LOGS: 'false',
})
