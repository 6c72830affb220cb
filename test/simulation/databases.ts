import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Sql } from '../../src/messaging/sql.ts'

/** Opening a database and preparing its statements costs more than all its rows: emptied, it serves the next world. */
const idle = new Map<string, Sql[]>()

/** An empty database. Those of one kind have the same tables, once they have any. */
export const takeDatabase = (kind: string): Sql => idle.get(kind)?.pop() ?? open()

/** Gives a database back, with its tables and without their rows. */
export const giveBack = (kind: string, sql: Sql): void => {
  for (const query of emptyings(kind, sql)) sql(query)
  const others = idle.get(kind)
  if (others === undefined) idle.set(kind, [sql])
  else others.push(sql)
}

const emptyingsOf = new Map<string, readonly string[]>()

const emptyings = (kind: string, sql: Sql): readonly string[] => {
  const known = emptyingsOf.get(kind)
  if (known !== undefined) return known
  const tables = sql<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'schema_version'",
  )
  const fresh = tables.map(({ name }) => `DELETE FROM ${name}`)
  if (fresh.length > 0) emptyingsOf.set(kind, fresh)
  return fresh
}

/** The table that a query may change: `''` for none, `'*'` where that is not clear. */
export const tableWritten = (query: string): string => {
  const known = written.get(query)
  if (known !== undefined) return known
  const isRead = /^\s*SELECT\b/i.test(query)
  const table = /^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) (\w+)/i.exec(query)?.[1]
  const fresh = isRead ? '' : (table ?? '*')
  written.set(query, fresh)
  return fresh
}

const written = new Map<string, string>()

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
