// The Workers, read from their wrangler.toml files.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { Failure } from '../failure.mjs'
import { CONFIGS, ROOT } from '../wrangler.mjs'
import {
  type Config,
  type Configs,
  checkEnvironmentName,
  type Differences,
  deriveConfigs,
  differencesSchema,
  isArchiveIdle,
  moved,
  NO_DIFFERENCES,
  withoutIdleArchive,
} from './environment.ts'
import type { Worker } from './types.ts'

/** The order Worker: the public one. */
const PUBLIC_CONFIG = 'wrangler.toml'

/** These Workers store what must be sealed or hashed: secrets of webhooks, payment tokens. The other two store neither. */
const WITH_STORAGE_KEY = [PUBLIC_CONFIG, 'workers/operations/wrangler.toml']

const PAYMENT_CONFIG = 'workers/payment/wrangler.toml'

/** The part of wrangler's configuration that a deployment reads. */
const configuration = z.object({
  name: z.string(),
  vars: z.record(z.string(), z.unknown()).default({}),
  queues: z
    .object({
      producers: z.array(z.object({ queue: z.string() })).default([]),
      consumers: z
        .array(z.object({ queue: z.string(), dead_letter_queue: z.string().optional() }))
        .default([]),
    })
    .prefault({}),
  d1_databases: z.array(z.object({ binding: z.string(), database_name: z.string() })).default([]),
  r2_buckets: z.array(z.object({ bucket_name: z.string() })).default([]),
  workers_dev: z.boolean().optional(),
})

/**
 * In the order of deployment. The order Worker is bound to the others, so it is last. The operations Worker is first: it
 * knows what consumers of the release before park because newer Workers sent it.
 */
export const readWorkers = (environment?: string): Worker[] => {
  const own = readConfigs()
  if (environment === undefined) return workersOf(own, (file) => productionFile(own[file] ?? {}, file))
  checkEnvironmentName(environment)
  const differences = readDifferences(environment)
  const derived = deriveConfigs(own, { environment, publicConfig: PUBLIC_CONFIG, differences, root: ROOT })
  return workersOf(derived, (file) =>
    write(withoutIdleArchive(derived[file] ?? {}), derivedFile(file, environment)),
  )
}

/** The wrangler.toml file itself, but where the deployment has less than local development. No environment has this name. */
const productionFile = (config: Config, file: string): string =>
  isArchiveIdle(config)
    ? write(moved(withoutIdleArchive(config), ROOT), derivedFile(file, 'production'))
    : file

const readConfigs = (): Configs =>
  Object.fromEntries(CONFIGS.map((file) => [file, readToml(file)] as const).toReversed())

const readToml = (file: string): Config => parse(readFileSync(join(ROOT, file), 'utf8'))

/** An environment needs no file of its own. */
const readDifferences = (environment: string): Differences => {
  const file = `environments/${environment}.toml`
  if (!existsSync(join(ROOT, file))) return NO_DIFFERENCES
  const parsed = differencesSchema.safeParse(readToml(file))
  if (parsed.success) return parsed.data
  throw new Failure(
    `${file} is not as it should be: ${z.prettifyError(parsed.error)}`,
    'It may have [vars], whose values are texts, and routes. All else comes from the wrangler.toml files.',
  )
}

/** `.wrangler/environments/staging/payment.json`: build output, written anew each time. */
const derivedFile = (file: string, environment: string): string => {
  const worker = file === PUBLIC_CONFIG ? 'order' : basename(dirname(file))
  return join('.wrangler/environments', environment, `${worker}.json`)
}

const write = (config: Config, file: string): string => {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true })
  writeFileSync(join(ROOT, file), `${JSON.stringify(config, null, 2)}\n`)
  return file
}

const workersOf = (configs: Configs, fileOf: (own: string) => string): Worker[] =>
  Object.entries(configs).map(([file, config]) => workerOf(config, { own: file, file: fileOf(file) }))

const workerOf = (config: Config, { own, file }: { own: string; file: string }): Worker => {
  const { name, vars, queues, d1_databases, r2_buckets, workers_dev } = configuration.parse(
    withoutIdleArchive(config),
  )
  const consumed = queues.consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue])
  const produced = queues.producers.map(({ queue }) => queue)
  return {
    config: file,
    name,
    vars,
    consumes: queues.consumers.map(({ queue }) => queue),
    queues: [...consumed, ...produced].filter((queue) => queue !== undefined),
    databases: d1_databases.map(({ binding, database_name }) => ({ binding, name: database_name })),
    buckets: r2_buckets.map(({ bucket_name }) => bucket_name),
    hasStorageKey: WITH_STORAGE_KEY.includes(own),
    isPublic: workers_dev !== false,
    callsBank: own === PAYMENT_CONFIG,
  }
}
