import type { Instant } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

/** How far a list is filled. */
export const FILLING_TABLE = `
  CREATE TABLE filling (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    started_at INTEGER NOT NULL,
    last_order_id TEXT NOT NULL,
    listed INTEGER NOT NULL,
    due_at INTEGER NOT NULL
  );`

/** For a migration: a partition that already has rows in this table starts to fill its list at once. */
export const fillingStatement = (table: string): string => `
  INSERT INTO filling (one, started_at, last_order_id, listed, due_at)
    SELECT 1, 0, '', 0, 0 WHERE EXISTS (SELECT 1 FROM ${table});`

/** For a migration that comes after: the partition fills its list from the beginning, whether or not it was at it. */
export const refillingStatement = (table: string): string => `
  DELETE FROM filling;${fillingStatement(table)}`

/** How far a partition's list is filled. */
export type Filling = {
  startedAt: Instant
  /** The key of the row that was listed last. Rows are listed by ascending key. The column keeps its first name. */
  lastKey: string
  /** How many were listed. */
  listed: number
  dueAt: Instant
}

/** Undefined where the list is filled. */
export const loadFilling = (sql: Sql): Filling | undefined =>
  sql<Filling>(
    'SELECT started_at AS startedAt, last_order_id AS lastKey, listed, due_at AS dueAt FROM filling',
  )[0]

export const storeFilling = (sql: Sql, filling: Filling | undefined): void => {
  if (filling === undefined) {
    sql('DELETE FROM filling')
    return
  }
  const { startedAt, lastKey, listed, dueAt } = filling
  sql(
    'INSERT OR REPLACE INTO filling (one, started_at, last_order_id, listed, due_at) VALUES (1, ?, ?, ?, ?)',
    ...[startedAt, lastKey, listed, dueAt],
  )
}
