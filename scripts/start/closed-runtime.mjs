// Loaded into wrangler before wrangler itself (`--import`): the local port then serves only our Workers.
// Wrangler lets every caller of the port run the scheduled and email handlers, without a key, and has no switch to
// forbid it. So this changes the option with which wrangler makes the runtime.
// test/system/local-runtime.test.ts checks it.
import { patchRuntimeOptions } from './patch-runtime.mjs'

patchRuntimeOptions((options) => ({
  ...options,
  unsafeTriggerHandlers: false,
  workers: options.workers.map(withoutIdleBucket),
}))

/**
 * The runtime lets every caller of the port read each bucket that a Worker has, without a key, and has no switch to
 * forbid it. So the Worker has the bucket of the archive only while orders leave for it. Unlike a deployment it does not
 * find orders that left before: RETENTION_DAYS is the only way to close the path (docs/security.md).
 * @param {import('./patch-runtime.mjs').Options['workers'][number]} worker
 */
const withoutIdleBucket = (worker) => {
  const { RETENTION_DAYS: days, ...env } = worker.config.env ?? {}
  if (days === undefined || days.value !== '0') return worker
  const kept = Object.entries(env).filter(([, { type }]) => type !== 'r2')
  return {
    ...worker,
    config: { ...worker.config, env: { ...Object.fromEntries(kept), RETENTION_DAYS: days } },
  }
}

/** Wrangler's advice about handlers that no caller can reach here. */
const ADVICE = 'Scheduled Workers are not automatically triggered'
const { warn } = console
console.warn = (...words) => {
  if (!words.some((word) => String(word).includes(ADVICE))) warn(...words)
}
