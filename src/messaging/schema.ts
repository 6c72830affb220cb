import type { Sql } from './sql.ts'

/**
 * Brings a partition's tables to the newest of `migrations`, in order, each once. A migration that was ever
 * deployed never changes; a new one is appended.
 */
export const migrate = (sql: Sql, migrations: readonly string[]): void => {
  sql('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)')
  const [row] = sql<{ version: number }>('SELECT version FROM schema_version')
  const version = row?.version ?? 0
  if (version > migrations.length) {
    throw new Error(
      `This partition's tables have version ${version}, this code knows ${migrations.length}: roll forward.`,
    )
  }
  if (version === migrations.length) return
  for (const statements of migrations.slice(version)) sql(statements)
  sql('DELETE FROM schema_version')
  sql('INSERT INTO schema_version (version) VALUES (?)', migrations.length)
}
