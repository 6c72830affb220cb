/** A D1 database that adds up how many rows its statements have read, as the bill does. */
export const countRowsRead = (database: D1Database) => {
  const counted = { rows: 0 }
  const watched = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => {
        if (name === 'bind') return (...values: unknown[]) => watched(target.bind(...values))
        if (name !== 'all') return Reflect.get(target, name)
        return async () => {
          const result = await target.all()
          counted.rows += result.meta.rows_read
          return result
        }
      },
    })
  return {
    database: { prepare: (query: string) => watched(database.prepare(query)) } as unknown as D1Database,
    /** Rows read since this was last asked. */
    taken: (): number => {
      const { rows } = counted
      counted.rows = 0
      return rows
    },
  }
}
