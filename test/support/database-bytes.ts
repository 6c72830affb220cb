import type { Sql } from '../../src/messaging/sql.ts'

/** How large a partition's database is, in whole pages. */
export const databaseBytes = (sql: Sql): number =>
  sql<{ bytes: number }>(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
  )[0]?.bytes ?? 0
