// An environment, such as `staging`: a second deployment with names of its own. Its configuration is derived from the
// wrangler.toml files whenever it is needed, so that no binding is copied and none can be forgotten.
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../failure.mjs'

export type Config = Record<string, unknown>

/** By the file of the Worker. */
export type Configs = Record<string, Config>

/** `environments/NAME.toml`: all that may differ. */
export const differencesSchema = z.strictObject({
  vars: z.record(z.string(), z.string()).default({}),
  /** Of the order Worker, as in wrangler.toml. The routes of wrangler.toml are never taken over. */
  routes: z.array(z.unknown()).optional(),
})

export type Differences = z.infer<typeof differencesSchema>

export const NO_DIFFERENCES: Differences = { vars: {} }

/** Without a dash, so that no environment's Worker has the name of another's. */
const NAME = /^[a-z][a-z0-9]{0,15}$/

/** Queue and database names that a person would confuse with the deployment without an environment. */
const MISLEADING = ['production', 'prod', 'live']

/** Throws if the environment may not have this name. */
export const checkEnvironmentName = (name: string): void => {
  if (MISLEADING.includes(name))
    throw new Failure(
      `"${name}" is no environment: production is the deployment without one.`,
      'Leave --env out.',
    )
  if (!NAME.test(name))
    throw new Failure(
      `"${name}" is not the name of an environment.`,
      'Use up to 16 small letters and digits, with a letter first: npm run deploy -- --env staging',
    )
}

type Derivation = { environment: string; publicConfig: string; differences: Differences; root: string }

/**
 * The configurations of the environment. `publicConfig` is the file of the order Worker, whose name is the prefix of all
 * names. Paths become absolute below `root`, because the configurations are written to another folder.
 */
export const deriveConfigs = (configs: Configs, derivation: Derivation): Configs => {
  const { environment, publicConfig, differences } = derivation
  refuseUnknownVars(configs, differences.vars)
  const prefix = String(configs[publicConfig]?.['name'])
  const rename = (text: string) => renamed(text, { prefix, environment })
  refuseTakenNames(configs, rename)
  return Object.fromEntries(
    Object.entries(configs).map(([file, { routes: _, route: __, vars, ...config }]) => [
      file,
      {
        ...(withPaths(
          withNames(config, { rename, environment }),
          join(derivation.root, dirname(file)),
        ) as Config),
        vars: { ...withoutTargets(vars as Config), ...pick(differences.vars, vars as Config) },
        ...(file === publicConfig && differences.routes ? { routes: differences.routes } : {}),
      },
    ]),
  )
}

/** `edge-orders-payment` → `edge-orders-staging-payment`. Other texts stay. */
const renamed = (text: string, { prefix, environment }: { prefix: string; environment: string }): string =>
  text === prefix || text.startsWith(`${prefix}-`)
    ? `${prefix}-${environment}${text.slice(prefix.length)}`
    : text

/** The id of a resource of production would bind the environment to production's data. */
const IDS = ['database_id', 'preview_database_id']

type Naming = { rename: (text: string) => string; environment: string }

const withNames = (value: unknown, naming: Naming): unknown => {
  if (typeof value === 'string') return naming.rename(value)
  if (Array.isArray(value)) return value.map((each) => withNames(each, naming))
  if (!isTable(value)) return value
  const entries = Object.entries(value)
    .filter(([key]) => !IDS.includes(key))
    .map(([key, each]) => [
      key,
      key === 'namespace_id' ? counterId(String(each), naming.environment) : withNames(each, naming),
    ])
  return Object.fromEntries(entries)
}

/** Counters of rate limits belong to the account: environments with the same id would count together. */
const counterId = (id: string, environment: string): string =>
  String(createHash('sha256').update(`${environment}/${id}`).digest().readUInt32BE() >>> 1)

/** The configuration in the main folder, as it stands in another one. */
export const moved = (config: Config, root: string): Config => withPaths(config, root) as Config

/** The configuration without the bucket of its archive, for which no order leaves. */
export const withoutIdleArchive = (config: Config): Config => {
  const { r2_buckets: _idle, ...rest } = config
  return isArchiveIdle(config) ? rest : config
}

export const isArchiveIdle = ({ vars, r2_buckets }: Config): boolean =>
  r2_buckets !== undefined && isTable(vars) && vars['RETENTION_DAYS'] === '0'

const PATHS = ['main', 'migrations_dir', 'directory']

const withPaths = (value: unknown, folder: string): unknown => {
  if (Array.isArray(value)) return value.map((each) => withPaths(each, folder))
  if (!isTable(value)) return value
  const entries = Object.entries(value)
    // Only `wrangler dev` watches, and it does not run on a derived configuration.
    .filter(([key]) => key !== 'watch_dir' && key !== '$schema')
    .map(([key, each]) => [
      key,
      PATHS.includes(key) && typeof each === 'string' ? join(folder, each) : withPaths(each, folder),
    ])
  return Object.fromEntries(entries)
}

const isTable = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !(value instanceof Date)

/** Where production's events go. Those of an environment would be taken for production's there. */
const TARGETS = ['BRIDGE_TARGET']

const withoutTargets = (vars: Config = {}): Config =>
  Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, TARGETS.includes(name) ? '' : value]))

/** A Worker gets only the settings that its own file has. */
const pick = (differences: Differences['vars'], vars: Config = {}): Config =>
  Object.fromEntries(Object.entries(differences).filter(([name]) => name in vars))

const refuseUnknownVars = (configs: Configs, vars: Differences['vars']): void => {
  const known = Object.values(configs).flatMap(({ vars: own }) => Object.keys((own ?? {}) as Config))
  const unknown = Object.keys(vars).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new Failure(
      `No wrangler.toml has the setting ${unknown.join(' or ')}.`,
      'Correct the name in the file of the environment, or add the setting with its default to [vars] of each Worker that reads it.',
    )
}

/** The environment `payment` would take the name of production's payment Worker. */
const refuseTakenNames = (configs: Configs, rename: (text: string) => string): void => {
  const names = [...new Set(Object.values(configs).flatMap(textsIn))]
  const taken = names.map(rename).find((name) => names.includes(name) && rename(name) !== name)
  if (taken !== undefined)
    throw new Failure(`Production already has the name ${taken}.`, 'Choose another name for the environment.')
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
