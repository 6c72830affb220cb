import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const AN_HOUR_MS = 3_600_000

/**
 * Postpones by an hour the due work of orders that were undecided when the system was killed. Their events were lost
 * with the kill, so the orders stay pending, and their streams have nothing to send.
 */
export const keepUndecided = (stateDir: string): void => {
  const folder = join(stateDir, 'v3/do/edge-orders-OrderObject')
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite')
  for (const name of files) {
    const database = new DatabaseSync(join(folder, name), { timeout: 5_000 })
    database
      .prepare("UPDATE orders SET due_at = ? WHERE json_extract(document, '$.status') = 'pending'")
      .run(Date.now() + AN_HOUR_MS)
    database.close()
  }
}
