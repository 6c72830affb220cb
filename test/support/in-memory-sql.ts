import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Sql } from '../../src/messaging/sql.ts'

/** A partition's database over `node:sqlite`: the SQL that runs in production, without the platform. */
export const createInMemorySql = (): Sql => sqlOver(new DatabaseSync(':memory:'))

/** The same over a file. */
export const createFileSql = (path: string): { sql: Sql; close(): void } => {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  return { sql: sqlOver(database), close: () => database.close() }
}

const sqlOver = (database: DatabaseSync): Sql => {
  const statements = new Map<string, StatementSync>()
  const prepare = (query: string): StatementSync => {
    const statement = statements.get(query) ?? database.prepare(query)
    statements.set(query, statement)
    return statement
  }
  return <Row>(query: string, ...bindings: (string | number | null)[]): Row[] => {
    if (bindings.length > 0 || isQuery(query)) {
      return prepare(query)
        .all(...bindings)
        .map((row) => ({ ...row }) as Row)
    }
    database.exec(query)
    return []
  }
}

/** Everything else without bindings may be several statements, of which `prepare` would run the first alone. */
const isQuery = (query: string): boolean => /^\s*SELECT\b/i.test(query)
