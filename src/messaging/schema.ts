import type { Sql } from './sql.ts'

/**
 * A step after which the code of the release before still works: a table that it does not know, or a column that it
 * need not write. So the release can be rolled back.
 */
export type Additive = { additive: string }

export type Migration = string | Additive

export const additive = (statements: string): Additive => ({ additive: statements })

/**
 * Brings a partition's tables to the newest of `migrations`, in order, each once. A migration that was ever
 * deployed never changes; a new one is appended. `schema_version` says what code must know that works on the tables,
 * and `schema_applied` what was applied: additive steps count there alone.
 */
export const migrate = (sql: Sql, migrations: readonly Migration[]): void => {
  sql('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  sql('CREATE TABLE IF NOT EXISTS schema_applied (count INTEGER NOT NULL)')
  const version = sql<{ version: number }>('SELECT version FROM schema_version')[0]?.version ?? 0
  if (version > migrations.length) {
    throw new Error(
      `This partition's tables have version ${version}, this code knows ${migrations.length}: roll forward.`,
    )
  }
  // Code from before additive steps leaves no count, or an old one.
  const applied = Math.max(version, sql<{ count: number }>('SELECT count FROM schema_applied')[0]?.count ?? 0)
  if (applied >= migrations.length) return
  for (const migration of migrations.slice(applied)) sql(statementsOf(migration))
  const needed = Math.max(version, migrations.findLastIndex((step) => typeof step === 'string') + 1)
  sql('DELETE FROM schema_version')
  sql('INSERT INTO schema_version (version) VALUES (?)', needed)
  sql('DELETE FROM schema_applied')
  if (needed < migrations.length) sql('INSERT INTO schema_applied (count) VALUES (?)', migrations.length)
}

const statementsOf = (migration: Migration): string =>
  typeof migration === 'string' ? migration : migration.additive
