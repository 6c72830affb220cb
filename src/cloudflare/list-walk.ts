import type { Position } from '../contracts/paging.ts'
import type { Instant } from '../kernel/instant.ts'

/** A list in D1 whose key is the client, a time and an order. `time` is the column of the time. */
export type KeyedList = { table: string; time: string }

export type Condition = [sql: string, ...bindings: (string | number)[]]

/** Rows in the order of an index. The index covers `conditions`; `rest` is checked on each row. */
export type Walk = {
  /** The key begins with the client. So by the key alone, the rows of all clients have to be merged. */
  isMerged: boolean
  index: string
  conditions: Condition[]
  rest: Condition[]
  /** What one read takes at most. */
  rowsMax: number
}

type RowKey = { at: Instant; order_id: string }

/** Without its view where the rest of the conditions excludes it. */
export type WalkedRow = RowKey & { client: string; view: string | null }

/**
 * Rows that one page may read where no index covers its filters: a few milliseconds. A page that finds too few in them is
 * shorter than its limit, and its cursor continues after the last row that was read.
 */
export const WALKED_ROWS_MAX = 1_000

/** What one read takes of each client at most, where the rows of all clients are merged and checked one by one. */
export const MERGED_ROWS_MAX = 200

export const positionOf = ({ at, order_id }: RowKey): Position => [String(at), order_id]

/** At most `limit` rows of the walk, newest first, from the first one that is older than `after`. */
export const walkRows = async (
  database: D1Database,
  list: KeyedList,
  { isMerged, index, conditions, rest }: Walk,
  { after: [at, orderId], limit }: { after: Position; limit: number },
): Promise<WalkedRow[]> => {
  const { table, time } = list
  const view = rest.length === 0 ? 'view' : `iif(${all(rest)}, view, NULL) AS view`
  const columns = `${time} AS at, order_id, client, ${view}`
  const where = all([...conditions, [`(${time}, order_id) < (?, ?)`]])
  const inOrder = `ORDER BY ${time} DESC, order_id DESC LIMIT ?`
  const bindings = [...bindingsOf(rest), ...bindingsOf(conditions), Number(at), orderId, limit]
  const statement = isMerged
    ? database.prepare(mergedQuery(list, { columns, where, inOrder })).bind(...bindings, limit)
    : database.prepare(`SELECT ${columns} FROM ${table} ${index} WHERE ${where} ${inOrder}`).bind(...bindings)
  return (await statement.all<WalkedRow>()).results
}

/** The keys of at most `limit` rows of all clients, oldest first, that are after a position and before a time. */
export const keysBetween = async (
  database: D1Database,
  list: KeyedList,
  { after: [at, orderId], before, limit }: { after: Position; before: Instant; limit: number },
): Promise<RowKey[]> => {
  const { time } = list
  const query = mergedQuery(list, {
    columns: `${time} AS at, order_id`,
    where: `(${time}, order_id) > (?, ?) AND ${time} < ?`,
    inOrder: `ORDER BY ${time}, order_id LIMIT ?`,
  })
  const statement = database.prepare(query).bind(Number(at), orderId, before, limit, limit)
  return (await statement.all<RowKey>()).results
}

/**
 * The first rows of all clients, by time and order. Each client is found by one seek of the key, and gives its own first
 * rows. So this reads some rows for each client and each row of the page. `inOrder` ends in the limit, which is bound
 * twice, at the end.
 */
const mergedQuery = (
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

const all = (conditions: readonly Condition[]): string => conditions.map(([sql]) => sql).join(' AND ')

const bindingsOf = (conditions: readonly Condition[]): (string | number)[] =>
  conditions.flatMap(([, ...bindings]) => bindings)
