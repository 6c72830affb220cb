import type { Sql } from '../../src/messaging/sql.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import type { Actor } from './scheduler.ts'

type Statement = { query: string; bindings: (string | number | null)[] }

/** A D1 database over SQLite: slow, overloaded before it did anything, or failing after it did all of it. */
export const createDatabase = (
  platform: Platform,
  name: string,
  sql: Sql,
  hooks: { sky: Actor; afterWrite(): void },
): ((outlet: Outlet) => D1Database) => {
  const { scheduler, faults } = platform
  const random = platform.stream(`database/${name}`)

  const run = (statements: readonly Statement[]): unknown[] => {
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

  const perform = (outlet: Outlet, statements: readonly Statement[]): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      outlet.leave(() => {
        const slowMs = faults.hits('databaseSlow') ? random.between(500, 30_000) : 0
        const isFailedBefore = faults.hits('databaseFailsBefore')
        const isFailedAfter = faults.hits('databaseFailsAfter')
        const answer = (settle: () => void) => scheduler.resume(latencyMs(random), outlet.actor, settle)
        scheduler.after(latencyMs(random) + slowMs, hooks.sky, () => {
          if (isFailedBefore) return answer(() => reject(new Error('D1_ERROR: D1 DB is overloaded')))
          const results = run(statements)
          hooks.afterWrite()
          if (!isFailedAfter) return answer(() => resolve(results))
          answer(() => reject(new Error('D1_ERROR: Network connection lost')))
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
    return database as unknown as D1Database
  }
}
