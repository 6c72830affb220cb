import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Every variant's bank is a Durable Object of a class with this name, with a table `operations`. */
const BANK_FOLDER = /SimulatedBankObject/

/** How often the bank captured the money of each order, read from the files of a system that has ended. */
export const capturesIn = (stateFolder: string): Map<string, number> => {
  const captures = new Map<string, number>()
  const files = readdirSync(stateFolder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((path) => BANK_FOLDER.test(path) && path.endsWith('.sqlite'))) {
    const database = new DatabaseSync(resolve(stateFolder, file))
    try {
      const rows = operationsIn(database)
      for (const { order_id, captured } of rows)
        captures.set(order_id, (captures.get(order_id) ?? 0) + captured)
    } finally {
      database.close()
    }
  }
  return captures
}

/** The file of an object that stores the platform's own things only has no such table. */
const operationsIn = (database: DatabaseSync): { order_id: string; captured: number }[] => {
  const isBank = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'operations'").get() !== undefined
  if (!isBank) return []
  return database
    .prepare(
      `SELECT order_id, count(*) AS captured FROM operations
      WHERE operation = 'capture' AND outcome = 'succeeded' GROUP BY order_id`,
    )
    .all() as { order_id: string; captured: number }[]
}
