import { registerHooks } from 'node:module'

/** What workerd provides as `cloudflare:workers`, as far as the Durable Objects use it. */
const PLATFORM_MODULE = `export class DurableObject {
  constructor(ctx, env) {
    this.ctx = ctx
    this.env = env
  }
}`

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers'
      ? { url: `data:text/javascript,${encodeURIComponent(PLATFORM_MODULE)}`, shortCircuit: true }
      : next(specifier, context),
})
