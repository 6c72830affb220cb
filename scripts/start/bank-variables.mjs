// Loaded into wrangler before wrangler itself (`--import`): the bank's variables of the environment of `npm start` win over
// those of .dev.vars. Wrangler's own option for variables reaches the first Worker alone, and every user of the machine can
// read the arguments of a process.
import { patchRuntimeOptions } from './patch-runtime.mjs'

const NAMES = [
  'PAYMENT_GATEWAY',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_TEST_MODE',
  'STRIPE_API_BASE',
]

/** The Workers that know the bank. */
const WORKERS = ['edge-orders', 'edge-orders-payment']

const variables = Object.fromEntries(
  NAMES.flatMap((name) => {
    const value = process.env[name]
    return value ? [[name, { type: 'text', value }]] : []
  }),
)

patchRuntimeOptions((options) => ({
  ...options,
  workers: options.workers.map((worker) =>
    WORKERS.includes(worker.config.name)
      ? { ...worker, config: { ...worker.config, env: { ...worker.config.env, ...variables } } }
      : worker,
  ),
}))
