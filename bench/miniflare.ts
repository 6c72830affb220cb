import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { type BuildOptions, build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { countedEntry } from './counting/entry.ts'
import type { BenchWorker } from './variants/variant.ts'

const ROOT = resolve(import.meta.dirname, '..')

type Served = { stateFolder: string; isCounted: boolean; inspectorPort?: number }

/** Serves Workers from an empty state, the first one on a port of its own. Each is bundled as wrangler does it. */
export const startMiniflare = async (
  workers: readonly BenchWorker[],
  { stateFolder, isCounted, inspectorPort }: Served,
): Promise<Miniflare> => {
  rmSync(stateFolder, { recursive: true, force: true })
  mkdirSync(stateFolder, { recursive: true })
  const served = await Promise.all(
    workers.map(async (worker, index) => ({
      ...worker.options,
      name: worker.name,
      modules: [{ type: 'ESModule', path: 'index.js', contents: await bundle(worker, isCounted) }],
      ...(index === 0 && { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }),
    })),
  )
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      resourcePersistencePath: stateFolder,
      ...(inspectorPort !== undefined && { inspectorPort }),
      handleRuntimeStdio: isCounted ? dropOutput : showErrors,
      workers: served,
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  )
  await miniflare.ready
  for (const worker of workers) await migrate(miniflare, worker)
  return miniflare
}

/** The log of a counted system is counted, not read. */
const dropOutput = (output: Readable, errors: Readable): void => {
  output.resume()
  errors.resume()
}

/** The log of a measured system says what each order did. */
const showErrors = (output: Readable, errors: Readable): void => {
  output.resume()
  errors.pipe(process.stderr)
}

const bundle = async (worker: BenchWorker, isCounted: boolean): Promise<string> => {
  const { outputFiles } = await build({
    ...(isCounted ? await countedInput(worker) : { entryPoints: [worker.entry] }),
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
  return outputFiles?.[0]?.text ?? ''
}

const countedInput = async ({ name, entry, options }: BenchWorker): Promise<BuildOptions> => ({
  stdin: {
    contents: await countedEntry(name, entry, objectClassesOf(options)),
    resolveDir: ROOT,
    loader: 'ts',
  },
})

/** The classes of Durable Objects that a Worker's own bindings name. */
const objectClassesOf = ({ durableObjects = {} }: Record<string, unknown>): string[] =>
  Object.values(durableObjects as Record<string, string | { className: string }>).map((object) =>
    typeof object === 'string' ? object : object.className,
  )

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
