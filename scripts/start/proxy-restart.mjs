// Loaded into wrangler before wrangler itself (`--import`): it reports a restart of wrangler's proxy to `npm start`.
// The proxy is the process that listens on the port. When it crashes or is killed, wrangler starts another one, but
// never tells it where the Workers are. The new proxy then keeps every request waiting for ever.
// Asking the port whether it responds would not do: a mistake in the source, which wrangler reports when it builds
// again, keeps all requests waiting just so, until the developer has corrected it.
// test/system/killed-proxy.test.ts checks it.
import { PROXY_RESTARTED, patchRuntimeOptions } from './patch-runtime.mjs'

/** Wrangler's name for it. */
const PROXY = 'ProxyWorker'

patchRuntimeOptions((options) =>
  options.workers.some(({ config }) => config.name === PROXY)
    ? { ...options, unsafeHandleRuntimeRestart: () => process.send?.(PROXY_RESTARTED) }
    : options,
)
