import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The part of workerd's module `cloudflare:workers` that the Workers use. */
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

/** Node runs no JSX, and no client of a world reads pages. So a page module has the same exports, all undefined. */
const withoutPages = (url: string): string =>
  Array.from(readFileSync(fileURLToPath(url), 'utf8').matchAll(/^export const (\w+)/gm), ([, name]) => name)
    .map((name) => `export const ${name} = undefined`)
    .join('\n')
