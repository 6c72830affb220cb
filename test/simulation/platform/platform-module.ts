import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** What workerd provides as `cloudflare:workers`, as far as the Workers use it. */
const PLATFORM_MODULE = `export class DurableObject {
  constructor(ctx, env) {
    this.ctx = ctx
    this.env = env
  }
}
export class WorkerEntrypoint extends DurableObject {}`

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers'
      ? { url: `data:text/javascript,${encodeURIComponent(PLATFORM_MODULE)}`, shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url.endsWith('.tsx')
      ? { format: 'module', source: withoutPages(url), shortCircuit: true }
      : next(url, context),
})

/** Node runs no JSX, and nobody reads pages in a world: the same exports, without anything in them. */
const withoutPages = (url: string): string =>
  Array.from(readFileSync(fileURLToPath(url), 'utf8').matchAll(/^export const (\w+)/gm), ([, name]) => name)
    .map((name) => `export const ${name} = undefined`)
    .join('\n')
