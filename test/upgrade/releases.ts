// The Workers of releases, of today, and of both at once, as configurations that the harness starts.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'smol-toml'

const ROOT = resolve(import.meta.dirname, '../..')
const BUNDLES = join(import.meta.dirname, 'bundles')

export const RELEASES = globSync('*/commit', { cwd: BUNDLES })
  .map((file) => file.split('/')[0] ?? '')
  .toSorted()

/** What each Worker's script has beside its default export: the classes of its objects, and what the edge calls. */
const EXPORTS = {
  order: { objects: ['OrderObject'], entrypoints: [] },
  inventory: { objects: ['StockObject'], entrypoints: ['InternalApi'] },
  payment: { objects: ['PaymentObject', 'SimulatedBankObject'], entrypoints: ['InternalApi'] },
  operations: { objects: ['WebhookObject'], entrypoints: ['InternalApi'] },
}

export type WorkerName = keyof typeof EXPORTS

export const WORKERS = Object.keys(EXPORTS) as WorkerName[]

/** The file of each Worker's configuration. */
export type System = Record<WorkerName, string>

type Config = {
  main?: string
  d1_databases?: { migrations_dir: string }[]
  assets?: { directory: string }
  build?: unknown
}

/** The four Workers of a release, unpacked into a folder. */
export const unpackRelease = (release: string, folder: string): System => {
  mkdirSync(folder, { recursive: true })
  return eachWorker((worker) => {
    const code = gunzipSync(readFileSync(join(BUNDLES, release, `${worker}.js.gz`)))
    writeFileSync(join(folder, `${worker}.bundle.js`), code)
    writeFileSync(join(folder, `${worker}.js`), withEntrypoints(worker, code.toString()))
    const config = JSON.parse(readFileSync(join(BUNDLES, release, `${worker}.json`), 'utf8')) as Config
    return write(withPaths(config, ROOT), join(folder, `${worker}.json`))
  })
}

/**
 * The first releases have no entrypoint for the edge. The harness replaces one Worker after the other, and the runtime
 * refuses a binding to an entrypoint that is not there yet.
 */
const withEntrypoints = (worker: WorkerName, code: string): string => {
  const missing = EXPORTS[worker].entrypoints.filter((name) => !code.includes(name))
  const stubs = missing.map((name) => `export class ${name} extends WorkerEntrypoint {}`)
  return [
    `import { WorkerEntrypoint } from 'cloudflare:workers'`,
    `export * from './${worker}.bundle.js'`,
    `export { default } from './${worker}.bundle.js'`,
    ...stubs,
    '',
  ].join('\n')
}

/** The four Workers of today, without their build step: their bundles are in a folder for each. */
export const unpackToday = (built: string, folder: string): System => {
  mkdirSync(folder, { recursive: true })
  return eachWorker((worker) => {
    const config = { ...todaysConfig(worker), main: join(built, worker, 'index.js') }
    return write(config, join(folder, `${worker}.json`))
  })
}

type Sides = { workers: System; objects: System; folder: string }

/**
 * As in the minutes after a deployment: the Workers run one version, and the Durable Objects still another. A script has
 * the handlers of one and the classes of the other.
 */
export const mix = ({ workers, objects, folder }: Sides): System => {
  mkdirSync(folder, { recursive: true })
  return eachWorker((worker) => {
    const { objects: classes, entrypoints } = EXPORTS[worker]
    const [handlers, partitions] = [mainOf(workers[worker]), mainOf(objects[worker])]
    const code = [
      `export { ${['default', ...entrypoints].join(', ')} } from ${JSON.stringify(handlers)}`,
      `export { ${classes.join(', ')} } from ${JSON.stringify(partitions)}`,
    ]
    writeFileSync(join(folder, `${worker}.js`), `${code.join('\n')}\n`)
    return write({ ...todaysConfig(worker), main: `${worker}.js` }, join(folder, `${worker}.json`))
  })
}

const todaysConfig = (worker: WorkerName): Config => {
  const file = worker === 'order' ? 'wrangler.toml' : `workers/${worker}/wrangler.toml`
  return withPaths(parse(readFileSync(join(ROOT, file), 'utf8')) as Config, join(ROOT, file, '..'))
}

const withPaths = ({ build: _, ...config }: Config, base: string): Config => ({
  ...config,
  ...(config.d1_databases && {
    d1_databases: config.d1_databases.map((database) => ({
      ...database,
      migrations_dir: join(base, database.migrations_dir),
    })),
  }),
  ...(config.assets && { assets: { ...config.assets, directory: join(base, config.assets.directory) } }),
})

const mainOf = (file: string): string => {
  const { main } = JSON.parse(readFileSync(file, 'utf8')) as { main: string }
  return resolve(file, '..', main)
}

const write = (config: Config, file: string): string => {
  writeFileSync(file, JSON.stringify(config))
  return file
}

const eachWorker = (make: (worker: WorkerName) => string): System =>
  Object.fromEntries(WORKERS.map((worker) => [worker, make(worker)])) as System
