import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Sql, SqlValue } from '../../src/messaging/sql.ts'
import { createInMemorySql } from './in-memory-sql.ts'

type Statement = { query: string; bindings: SqlValue[] }

const migrationsOf = (worker: string, migrations: string): { name: string; text: string }[] => {
  const folder = resolve(import.meta.dirname, '../../workers', worker, migrations)
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, text: readFileSync(resolve(folder, name), 'utf8') }))
}

/** A Worker's D1 database over `node:sqlite`, with its migrations up to one of them, or all. */
export const createInMemoryD1 = (worker: string, { upTo = '9999', folder = 'migrations' } = {}) => {
  const sql = createInMemorySql()
  const migrations = migrationsOf(worker, folder)
  const migrate = (wanted: (name: string) => boolean): void => {
    for (const { text } of migrations.filter((each) => wanted(each.name))) sql(text)
  }
  migrate((name) => name.slice(0, 4) <= upTo)
  return {
    sql,
    database: bindingOf(sql),
    /** Brings the database to the newest migration. */
    migrateOn: () => migrate((name) => name.slice(0, 4) > upTo),
  }
}

/** The part of D1's binding that the project uses. A batch is a transaction. */
export const bindingOf = (sql: Sql): D1Database => {
  const run = ({ query, bindings }: Statement) => ({ results: sql(query, ...bindings) })
  const prepare = (query: string, bindings: SqlValue[] = []) => ({
    query,
    bindings,
    bind: (...values: SqlValue[]) => prepare(query, values),
    all: async () => run({ query, bindings }),
    run: async () => run({ query, bindings }),
    first: async () => run({ query, bindings }).results[0] ?? null,
  })
  const batch = async (statements: readonly Statement[]) => {
    sql('SAVEPOINT batch')
    try {
      return statements.map(run)
    } catch (error) {
      sql('ROLLBACK TO batch')
      throw error
    } finally {
      sql('RELEASE batch')
    }
  }
  return { prepare: (query: string) => prepare(query), batch } as unknown as D1Database
}
