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
})

/**
 * In the order of deployment. The order Worker is bound to the others, so it is last. The operations Worker is first: it
 * knows what consumers of the release before park because newer Workers sent it.
 */
export const readWorkers = (environment?: string, own: Configs = readConfigs()): Worker[] => {
  if (environment === undefined) return workersOf(own, productionFiles)
  checkEnvironmentName(environment)
  const differences = readDifferences(environment)
  const derived = deriveConfigs(own, { environment, publicConfig: PUBLIC_CONFIG, differences, root: ROOT })
  return workersOf(derived, (config, file) => ({
    file: write(withoutIdleArchive(config), derivedFile(file, environment)),
    withArchive: isArchiveIdle(config)
      ? write(config, derivedFile(file, environment, '-with-archive'))
      : undefined,
  }))
}

/** Where wrangler finds the configuration, and where the one that also binds the idle archive, if there is one. */
type Files = { file: string; withArchive?: string | undefined }

/** The wrangler.toml file itself, but where it binds an idle archive. No environment has the name `production`. */
const productionFiles = (config: Config, file: string): Files => {
  if (!isArchiveIdle(config)) return { file }
  const without = moved(withoutIdleArchive(config), ROOT)
  return { file: write(without, derivedFile(file, 'production')), withArchive: file }
}

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
const derivedFile = (file: string, environment: string, suffix = ''): string => {
  const worker = file === PUBLIC_CONFIG ? 'order' : basename(dirname(file))
  return join('.wrangler/environments', environment, `${worker}${suffix}.json`)
}

const write = (config: Config, file: string): string => {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true })
  writeFileSync(join(ROOT, file), `${JSON.stringify(config, null, 2)}\n`)
  return file
}

const workersOf = (configs: Configs, filesOf: (config: Config, own: string) => Files): Worker[] =>
  Object.entries(configs).map(([own, config]) => workerOf(config, { own, ...filesOf(config, own) }))

const workerOf = (config: Config, { own, file, withArchive }: Files & { own: string }): Worker => {
  const { name, vars, queues, d1_databases, r2_buckets } = configuration.parse(config)
  const buckets = r2_buckets.map(({ bucket_name }) => bucket_name)
  const [archive] = buckets
  const idleArchive =
    archive === undefined || withArchive === undefined ? undefined : { bucket: archive, config: withArchive }
  const consumed = queues.consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue])
  const produced = queues.producers.map(({ queue }) => queue)
  return {
    config: file,
    name,
    vars,
    consumes: queues.consumers.map(({ queue }) => queue),
    queues: [...consumed, ...produced].filter((queue) => queue !== undefined),
    databases: d1_databases.map(({ binding, database_name }) => ({ binding, name: database_name })),
    ...{ buckets: idleArchive === undefined ? buckets : [], idleArchive },
    hasStorageKey: WITH_STORAGE_KEY.includes(own),
    isPublic: own === PUBLIC_CONFIG,
    callsBank: own === PAYMENT_CONFIG,
  }
}
