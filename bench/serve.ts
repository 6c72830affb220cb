import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import type { BenchWorker } from './variants/variant.ts'
import { VARIANTS } from './variants/variants.ts'

const ROOT = resolve(import.meta.dirname, '..')

/**
 * Serves one variant until it is killed: `node bench/serve.ts VARIANT FOLDER [INSPECTOR-PORT]`. It runs in a process of its own, so
 * that its processor time can be told from the load generator's. Prints its addresses as one line of JSON.
 */
const serve = async (variantName: string, stateFolder: string, inspectorPort: string): Promise<void> => {
  const variant = VARIANTS.find(({ name }) => name === variantName)
  if (variant === undefined) throw new Error(`There is no variant ${variantName}.`)
  rmSync(stateFolder, { recursive: true, force: true })
  mkdirSync(stateFolder, { recursive: true })
  const workers = variant.workers()
  const served = await Promise.all(workers.map((worker, index) => miniflareWorker(worker, index === 0)))
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      ...(inspectorPort !== '' && { inspectorPort: Number(inspectorPort) }),
      workers: served,
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
    resourcePersistencePath: stateFolder,
  })
  const entry = await miniflare.ready
  for (const worker of workers) await migrate(miniflare, worker)
  const direct = await miniflare.unsafeGetDirectURL(workers[0]?.name)
  console.log(JSON.stringify({ entry: entry.href, direct: direct.href } satisfies Addresses))
}

export type Addresses = { entry: string; direct: string }

const miniflareWorker = async ({ name, entry, options }: BenchWorker, isEntry: boolean): Promise<object> => ({
  ...options,
  name,
  modules: [{ type: 'ESModule', path: 'index.js', contents: await bundle(entry) }],
  ...(isEntry && { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }),
})

/** As wrangler bundles a Worker. */
const bundle = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['cloudflare:*', 'node:*'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    keepNames: true,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

const migrate = async (miniflare: Miniflare, { name, migrations }: BenchWorker): Promise<void> => {
  for (const [binding, folder] of Object.entries(migrations)) {
    const database = await miniflare.getD1Database(binding, name)
    for (const statement of statementsIn(resolve(ROOT, folder))) await database.prepare(statement).run()
  }
}

const statementsIn = (folder: string): string[] =>
  readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(resolve(folder, file), 'utf8').replace(/^\s*--.*$/gm, ''))
    .flatMap((text) => text.split(/;\s*(?:\n|$)/))
    .filter((statement) => statement.trim() !== '')

const [, , variantName = '', stateFolder = '', inspectorPort = ''] = process.argv
await serve(variantName, stateFolder, inspectorPort)
