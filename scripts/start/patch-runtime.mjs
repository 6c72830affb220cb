// For modules that Node loads into wrangler before wrangler itself (`--import`): they change the options with which
// wrangler makes its runtimes.
import { createRequire } from 'node:module'

/** What wrangler sends to `npm start` when its proxy was restarted; it sends messages of its own too. */
export const PROXY_RESTARTED = 'edge-orders: proxy restarted'

/** @typedef {{ type: string, value?: unknown }} Binding */
/** @typedef {{ workers: { config: { name: string, env?: Record<string, Binding> } }[], [option: string]: unknown }} Options */
/** @typedef {new (options: Options) => { setOptions(options: Options): Promise<void> }} Runtime */

/**
 * Wrangler gets a runtime class that applies the change to every set of options. Several modules may do so.
 * @param {(options: Options) => Options} change
 */
export const patchRuntimeOptions = (change) => {
  const ofWrangler = createRequire(createRequire(import.meta.url).resolve('wrangler'))
  const path = ofWrangler.resolve('miniflare')
  /** @type {{ Miniflare: Runtime }} */
  const runtime = ofWrangler(path)

  class PatchedMiniflare extends runtime.Miniflare {
    /** @param {Options} options */
    constructor(options) {
      super(change(options))
    }

    /**
     * @override
     * @param {Options} options
     */
    setOptions(options) {
      return super.setOptions(change(options))
    }
  }

  const loaded = ofWrangler.cache[path]
  if (loaded !== undefined) loaded.exports = { ...runtime, Miniflare: PatchedMiniflare }
}
