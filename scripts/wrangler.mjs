// How `npm start` and `npm run deploy` call wrangler.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The order Worker comes first: `wrangler dev` serves the first one, and the others reach the world through it. */
export const CONFIGS = [
  'wrangler.toml',
  'workers/inventory/wrangler.toml',
  'workers/payment/wrangler.toml',
  'workers/operations/wrangler.toml',
]

/** The program itself: the `wrangler` command is a wrapper, one more process to start, to signal and to lose. */
const PROGRAM = createRequire(import.meta.url).resolve('wrangler')

/**
 * What to give Node in order to run wrangler.
 * @param {string[]} args
 */
export const wranglerArguments = (args) => ['--no-warnings', PROGRAM, ...args]

/** Calls nobody but Cloudflare's API, and that only when a command is about it: no telemetry, no look for updates. */
export const wranglerEnvironment = () => ({
  ...process.env,
  // Half a second less to load wrangler's 15 MB each time.
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node-compile'),
  // A local request's `cf` object is made up, not fetched.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
  WRANGLER_WRITE_LOGS: 'false',
})
