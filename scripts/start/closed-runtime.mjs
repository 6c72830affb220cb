// Loaded into wrangler before wrangler itself (`--import`): the local port then serves only our Workers.
// Wrangler lets every caller of the port run the scheduled and email handlers, without a key, and has no switch to
// forbid it. So this changes the option with which wrangler makes the runtime.
// test/system/local-runtime.test.ts checks it.
import { patchRuntimeOptions } from './patch-runtime.mjs'

patchRuntimeOptions((options) => ({ ...options, unsafeTriggerHandlers: false }))

/** Wrangler's advice about handlers that no caller can reach here. */
const ADVICE = 'Scheduled Workers are not automatically triggered'
const { warn } = console
console.warn = (...words) => {
  if (!words.some((word) => String(word).includes(ADVICE))) warn(...words)
}
