import { SECOND_MS } from '../kernel/instant.ts'
import type { Sql } from './sql.ts'

/**
 * A sweep goes once through a table that older code has filled, in portions, and rewrites what that code stored. It is
 * open while it has a row here: `after` is the key of the last row it has seen.
 */
export const SWEEPS_TABLE = 'CREATE TABLE sweeps (name TEXT PRIMARY KEY, after TEXT NOT NULL) WITHOUT ROWID'

/** For a migration: opens a sweep where there is something to go through. */
export const sweepStatement = (name: string, table: string): string =>
  `INSERT INTO sweeps (name, after) SELECT '${name}', '' WHERE EXISTS (SELECT 1 FROM ${table})`

/** A portion costs some milliseconds, in which the partition does nothing else. */
export const SWEEP_ROWS_MAX = 100

/** A million rows take three hours. Orders come first. */
export const SWEEP_PAUSE_MS = SECOND_MS

/** Where an open sweep is; undefined where it is over. */
export const sweptUpTo = (sql: Sql, name: string): string | undefined =>
  sql<{ after: string }>('SELECT after FROM sweeps WHERE name = ?', name)[0]?.after

/** In a turn: goes through the table anew, for what could not be rewritten. */
export const reopenSweep = (sql: Sql, name: string): void => {
  if (sweptUpTo(sql, name) === '') return
  sql("INSERT OR REPLACE INTO sweeps (name, after) VALUES (?, '')", name)
}

/** In a turn: these keys were seen. A portion that is not full was the last. */
export const advanceSweep = (sql: Sql, name: string, keys: readonly string[]): void => {
  const last = keys.length < SWEEP_ROWS_MAX ? undefined : keys.at(-1)
  if (last === undefined) sql('DELETE FROM sweeps WHERE name = ?', name)
  else sql('UPDATE sweeps SET after = ? WHERE name = ?', last, name)
}
