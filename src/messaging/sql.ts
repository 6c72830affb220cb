/** What a SQLite value of ours can be. */
export type SqlValue = string | number | null

/**
 * A partition's own database. Synchronous: all that one turn of the partition writes is one commit, and nothing
 * that the turn answers or sends leaves before that commit is durable.
 */
export type Sql = <Row>(query: string, ...bindings: SqlValue[]) => Row[]
