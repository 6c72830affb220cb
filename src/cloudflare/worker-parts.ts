import type { WorkerParts } from '../contracts/http/readiness.ts'
import { type Instant, MINUTE_MS, toTimestamp } from '../kernel/instant.ts'
import { createSharedResult } from './shared-result.ts'

/** Bindings change with a deployment alone, and that starts new isolates. Migrations may be applied while one lives. */
const FRESH_MS = MINUTE_MS
const WITHIN_MS = 5_000

/** What a Worker is bound to, how far its databases are migrated, and which version it is. For operators. */
export const createWorkerParts = (now: () => Instant) => {
  const share = createSharedResult<WorkerParts>({ now, freshMs: () => FRESH_MS, withinMs: WITHIN_MS })
  return (env: object): Promise<WorkerParts> =>
    share(
      () => partsOf(env),
      () => undefined,
    )
}

const partsOf = async (env: object): Promise<WorkerParts> => {
  const all = Object.entries(env).map(([name, value]) => ({ name, value, kind: kindOf(value) }))
  const bindings = await Promise.all(
    all
      .filter(({ kind }) => kind !== 'setting' && kind !== 'version')
      .map(async ({ name, value, kind }) => ({
        ...{ name, kind },
        ...(kind === 'database' && (await migrationsOf(value as D1Database))),
      })),
  )
  return {
    bindings: bindings.sort((one, other) => one.kind.localeCompare(other.kind)),
    settings: all.flatMap(({ name, kind }) => (kind === 'setting' ? [name] : [])).sort(),
    ...versionIn(all.find(({ kind }) => kind === 'version')?.value),
  }
}

/** The classes of the runtime. A binding to a Worker has every method that it is asked for, so methods tell nothing. */
const KINDS: Readonly<Record<string, string>> = {
  D1Database: 'database',
  DurableObjectNamespace: 'objects',
  DurableObjectNamespaceProxy: 'objects',
  WorkerQueue: 'queue',
  Fetcher: 'worker',
  Ratelimit: 'rate limit',
}

/** A setting and a secret are both texts: neither is shown. */
const kindOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return 'setting'
  const { name } = value.constructor
  if (name === 'Object') return 'id' in value && 'timestamp' in value ? 'version' : 'setting'
  return KINDS[name] ?? name
}

/** As `wrangler d1 migrations apply` notes them. */
const migrationsOf = async (database: D1Database): Promise<{ migrations?: number; newest?: string }> => {
  try {
    const row = await database
      .prepare('SELECT count(*) AS migrations, max(name) AS newest FROM d1_migrations')
      .first<{ migrations: number; newest: string | null }>()
    return row === null
      ? {}
      : { migrations: row.migrations, ...(row.newest !== null && { newest: row.newest }) }
  } catch {
    // The database is away, which readiness says, or has never been migrated.
    return {}
  }
}

const versionIn = (value: unknown): Pick<WorkerParts, 'version'> => {
  if (typeof value !== 'object' || value === null) return {}
  const { id, tag, timestamp } = value as Partial<WorkerVersionMetadata>
  const deployedAt = Date.parse(timestamp ?? '')
  return {
    version: {
      id: id ?? '',
      ...(tag ? { tag } : {}),
      ...(Number.isNaN(deployedAt) ? {} : { deployedAt: toTimestamp(deployedAt) }),
    },
  }
}
