// Loaded into wrangler before wrangler itself (`--import`): the local port then answers for our Workers alone.
// Wrangler lets everyone who reaches the port run the scheduled and email handlers, without a key, and has no switch
// for it. The option is set where wrangler makes the runtime. test/system/local-runtime.test.ts holds it.
import { createRequire } from 'node:module'

const ofProject = createRequire(import.meta.url)
const ofWrangler = createRequire(ofProject.resolve('wrangler'))
const path = ofWrangler.resolve('miniflare')
const runtime = ofWrangler(path)

/** @param {object} options */
const closed = (options) => ({ ...options, unsafeTriggerHandlers: false })

class ClosedMiniflare extends runtime.Miniflare {
  /** @param {object} options */
  constructor(options) {
    super(closed(options))
  }

  /** @param {object} options */
  setOptions(options) {
    return super.setOptions(closed(options))
  }
}

const loaded = ofWrangler.cache[path]
if (loaded !== undefined) loaded.exports = { ...runtime, Miniflare: ClosedMiniflare }

/** What wrangler advises about handlers that cannot be called here. */
const ADVICE = 'Scheduled Workers are not automatically triggered'
const { warn } = console
console.warn = (...words) => {
  if (!words.some((word) => String(word).includes(ADVICE))) warn(...words)
}
