/**
 * Deletes rows whose column `at` is before a time, oldest first, `most` of them at once. `before` is spelled as the
 * column is: an instant, or a timestamp. An index of the table begins with `at`.
 */
export const forgetOldest = (
  database: D1Database,
  { table, key }: { table: string; key: string },
  before: number | string,
  most: number,
): D1PreparedStatement =>
  database
    .prepare(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE at < ? ORDER BY at LIMIT ${most})`,
    )
    .bind(before)
