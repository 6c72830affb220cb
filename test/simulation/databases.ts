import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Sql } from '../../src/messaging/sql.ts'

/** Opening a database and preparing its statements costs more than all its rows: emptied, it serves the next world. */
const idle = new Map<string, Sql[]>()

/** An empty database. Those of one kind have the same tables, once they have any. */
export const takeDatabase = (kind: string): Sql => idle.get(kind)?.pop() ?? open()

/** Gives a database back, with its tables and without their rows. */
export const giveBack = (kind: string, sql: Sql): void => {
  const tables = sql<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'schema_version'",
  )
  for (const { name } of tables) sql(`DELETE FROM ${name}`)
  idle.set(kind, [...(idle.get(kind) ?? []), sql])
}

/** Whether a query may change anything. */
export const isWrite = (query: string): boolean => {
  const known = writes.get(query)
  if (known !== undefined) return known
  const fresh = !/^\s*SELECT\b/i.test(query)
  writes.set(query, fresh)
  return fresh
}

const writes = new Map<string, boolean>()

const open = (): Sql => {
  const database = new DatabaseSync(':memory:')
  const statements = new Map<string, StatementSync>()
  return <Row>(query: string, ...bindings: (string | number | null)[]): Row[] => {
    const isScript = bindings.length === 0 && query.includes(';')
    if (isScript) {
      database.exec(query)
      return []
    }
    const statement = statements.get(query) ?? database.prepare(query)
    statements.set(query, statement)
    return statement.all(...bindings) as Row[]
  }
}
