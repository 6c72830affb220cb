// Loaded into wrangler before wrangler itself (`--import`): it reports a restart of wrangler's proxy to `npm start`.
// The proxy is the process that listens on the port. When it crashes or is killed, wrangler starts another one, but
// never tells it where the Workers are. The new proxy then keeps every request waiting for ever.
// A poll of the port cannot detect this. After a syntax error in the source, wrangler also keeps every request waiting,
// until the developer has corrected the error. A poll would stop the system of a developer who is still typing.
// test/system/killed-proxy.test.ts checks it.
import { PROXY_RESTARTED, patchRuntimeOptions } from './patch-runtime.mjs'

/** Wrangler's name for the Worker in its proxy. */
const PROXY = 'ProxyWorker'

patchRuntimeOptions((options) =>
  options.workers.some(({ config }) => config.name === PROXY)
    ? { ...options, unsafeHandleRuntimeRestart: () => process.send?.(PROXY_RESTARTED) }
    : options,
)
