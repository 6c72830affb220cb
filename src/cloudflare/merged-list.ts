/** A list in D1 whose key is the client, a time and an order. */
type KeyedList = { table: string; time: string }

/**
 * The first rows of all clients, by time and order. Each client is found by one seek of the key, and gives its own first
 * rows. So this reads some rows for each client and each row of the page. `inOrder` ends in the limit, which is bound
 * twice, at the end.
 */
export const mergedQuery = (
  { table, time }: KeyedList,
  { columns, where, inOrder }: { columns: string; where: string; inOrder: string },
): string => `
  WITH RECURSIVE clients(name) AS (
    SELECT min(client) FROM ${table}
    UNION ALL
    SELECT (SELECT min(client) FROM ${table} WHERE client > name) FROM clients WHERE name IS NOT NULL
  )
  SELECT ${columns} FROM clients CROSS JOIN ${table}
    WHERE client = name AND (${time}, order_id) IN (
      SELECT ${time}, order_id FROM ${table} WHERE client = name AND ${where} ${inOrder})
    ${inOrder}`

/** What one read takes of each client at most, where its rows are checked one by one. */
export const MERGED_ROWS_MAX = 200
