import type { Sql } from '../../src/messaging/sql.ts'
import type { Transact } from '../../src/messaging/turn.ts'

/** `transactionSync` over plain SQL, as the platform does it: a savepoint, undone where the work throws. */
export const createTransact = (sql: Sql): Transact => {
  let depth = 0
  return <Value>(work: () => Value): Value => {
    depth += 1
    const savepoint = `turn_${depth}`
    sql(`SAVEPOINT ${savepoint}`)
    try {
      return work()
    } catch (error) {
      sql(`ROLLBACK TO ${savepoint}`)
      throw error
    } finally {
      sql(`RELEASE ${savepoint}`)
      depth -= 1
    }
  }
}
