import type { Instant } from '../../../src/kernel/instant.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { tableWritten } from './databases.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import type { Actor } from './scheduler.ts'

type Statement = { query: string; bindings: (string | number | null)[] }

/** A replica gets each write at most this late. */
export const REPLICA_LAG_MS_MAX = 30_000

/**
 * A D1 database over SQLite. It may be slow, fail before or after it did the work, or be read from a replica that lags
 * behind.
 */
export const createDatabase = (
  platform: Platform,
  name: string,
  sql: Sql,
  hooks: { cloud: Actor; afterWrite(): void; replica(): Sql },
): ((outlet: Outlet) => D1Database) => {
  const { scheduler, faults } = platform
  const random = platform.stream(`database/${name}`)
  const replica = faults.rates.has('databaseStale') ? createReplica(platform, name, hooks) : undefined

  const run = (statements: readonly Statement[]): unknown[] => {
    const isRead = statements.every(({ query }) => tableWritten(query) === '')
    if (isRead && faults.hits('databaseStale') && replica !== undefined) return replica.read(statements)
    const results = runOn(sql, statements)
    if (isRead) return results
    replica?.write(statements)
    hooks.afterWrite()
    return results
  }

  const perform = (outlet: Outlet, statements: readonly Statement[]): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      outlet.leave(() => {
        const slowMs = faults.hits('databaseSlow') ? random.between(500, 30_000) : 0
        const isFailedBefore = faults.hits('databaseFailsBefore')
        const isFailedAfter = faults.hits('databaseFailsAfter')
        const reply = (settle: () => void) => scheduler.resume(latencyMs(random), outlet.actor, settle)
        scheduler.after(latencyMs(random) + slowMs, hooks.cloud, () => {
          if (isFailedBefore) return reply(() => reject(new Error('D1_ERROR: D1 DB is overloaded')))
          const results = run(statements)
          if (!isFailedAfter) return reply(() => resolve(results))
          reply(() => reject(new Error('D1_ERROR: Network connection lost')))
        })
      })
    })

  return (outlet) => {
    const prepare = (query: string, bindings: (string | number | null)[] = []) => ({
      query,
      bindings,
      bind: (...values: (string | number | null)[]) => prepare(query, values),
      run: async () => (await perform(outlet, [{ query, bindings }]))[0],
      all: async () => (await perform(outlet, [{ query, bindings }]))[0],
    })
    const database = {
      prepare: (query: string) => prepare(query),
      batch: (statements: readonly Statement[]) => perform(outlet, statements),
    }
    // The part of D1 that the project uses: a call of anything else fails in the world that makes it.
    return database as unknown as D1Database
  }
}

/** All or nothing, as a batch of D1 is. */
const runOn = (sql: Sql, statements: readonly Statement[]): unknown[] => {
  const [first] = statements
  if (statements.length === 1 && first !== undefined)
    return [{ results: sql(first.query, ...first.bindings) }]
  sql('BEGIN')
  try {
    const results = statements.map(({ query, bindings }) => ({ results: sql(query, ...bindings) }))
    sql('COMMIT')
    return results
  } catch (error) {
    sql('ROLLBACK')
    throw error
  }
}

/** Gets the writes in their order, each one as late as this world has drawn. */
const createReplica = ({ scheduler, stream }: Platform, name: string, hooks: { replica(): Sql }) => {
  const sql = hooks.replica()
  const lagMs = stream(`replica/${name}`).below(REPLICA_LAG_MS_MAX)
  const coming: { at: Instant; statements: readonly Statement[] }[] = []
  return {
    write: (statements: readonly Statement[]) => {
      coming.push({ at: scheduler.now + lagMs, statements })
    },
    read: (statements: readonly Statement[]): unknown[] => {
      const later = coming.findIndex(({ at }) => at > scheduler.now)
      for (const each of coming.splice(0, later < 0 ? coming.length : later)) runOn(sql, each.statements)
      return runOn(sql, statements)
    },
  }
}
