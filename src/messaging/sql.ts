/** What a SQLite value of ours can be. */
export type SqlValue = string | number | null

/**
 * A partition's own database. Synchronous: all that one turn of the partition writes is one transaction, and nothing
 * that the turn returns or sends leaves before it is durable. A statement that throws undoes nothing by itself.
 */
export type Sql = <Row>(query: string, ...bindings: SqlValue[]) => Row[]

/**
 * The condition that a column is one of these keys, and its one binding: as many keys as there are, within the limit
 * of bound values. A lone key, which is most of them, is looked up directly, in a third of the time.
 */
export const isOneOf = (column: string, keys: readonly string[]): [condition: string, binding: string] => {
  const [first, ...others] = keys
  return first !== undefined && others.length === 0
    ? [`${column} = ?`, first]
    : [`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(keys)]
}
