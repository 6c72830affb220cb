import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Sql } from '../../../src/messaging/sql.ts'

/** Emptied databases for the next world. To open one and prepare its statements costs more than all its rows. */
const idle = new Map<string, Database[]>()

export type Database = {
  sql: Sql
  /** Deletes all rows. */
  empty(): void
}

/** An empty database. All of one kind have the same tables, once they have any. */
export const takeDatabase = (kind: string): Database => idle.get(kind)?.pop() ?? open()

/** Gives a database back. It keeps its tables and loses its rows. */
export const giveBack = (kind: string, database: Database): void => {
  database.empty()
  const others = idle.get(kind)
  if (others === undefined) idle.set(kind, [database])
  else others.push(database)
}

/** The table that a query may change: `''` for none, `'*'` where the query does not show it. */
export const tableWritten = (query: string): string => {
  const known = written.get(query)
  if (known !== undefined) return known
  const isRead = READS.test(query)
  const table = /^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) (\w+)/i.exec(query)?.[1]
  const fresh = isRead ? '' : (table ?? '*')
  written.set(query, fresh)
  return fresh
}

const READS = /^\s*(?:SELECT\b|WITH\b(?![\s\S]*\b(?:INSERT|UPDATE|DELETE)\b))/i

const written = new Map<string, string>()

const open = (): Database => {
  const database = new DatabaseSync(':memory:')
  const prepared = new Map<string, { statement: StatementSync; table: string }>()
  const dirty = new Set<string>()
  const prepare = (query: string) => {
    const table = tableWritten(query)
    if (table === '*' && !WITHOUT_ROWS.test(query)) throw new Error(`Which table does this write? ${query}`)
    const isKept = table === '*' || table === 'schema_version' || table === 'schema_applied'
    const fresh = { statement: database.prepare(query), table: isKept ? '' : table }
    prepared.set(query, fresh)
    return fresh
  }
  return {
    sql: <Row>(query: string, ...bindings: (string | number | null)[]): Row[] => {
      const known = prepared.get(query)
      const isScript = known === undefined && bindings.length === 0 && query.includes(';')
      if (isScript) {
        database.exec(query)
        return []
      }
      const { statement, table } = known ?? prepare(query)
      if (table !== '') dirty.add(table)
      return statement.all(...bindings) as Row[]
    },
    empty: () => {
      for (const table of dirty) database.exec(`DELETE FROM ${table}`)
      dirty.clear()
    },
  }
}

const WITHOUT_ROWS = /^\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|CREATE|ALTER|DROP|PRAGMA)\b/i
