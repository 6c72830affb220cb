import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Instant } from '../../src/kernel/instant.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import { closeFiles, type File, type Files, has, openFiles } from './stored-orders.ts'

/** Bytes of the files of a store, and of the pages in use. SQLite writes into free pages before a file grows. */
export type Size = { file: number; used: number }

/** The tables of the lists: each tells its database from the others. */
const LISTS = {
  'list of orders': 'listed_orders',
  'list of payments': 'listed_payments',
  ledger: 'movements',
}

/** The files of a stopped system by what they hold, with the archive in the local R2. Their logs are written back first. */
export const sizesOf = (stateDir: string): Record<string, Size> => {
  const files = openFiles(stateDir)
  const stores = storesIn(files)
  const used = stores.map(([, each]) => each.reduce((sum, { sql }) => sum + usedBytes(sql), 0))
  closeFiles(files)
  return {
    ...Object.fromEntries(
      stores.map(([name, each], index) => [
        name,
        { file: each.reduce((sum, { path }) => sum + statSync(path).size, 0), used: used[index] ?? 0 },
      ]),
    ),
    archive: { file: archiveBytes(stateDir), used: archiveBytes(stateDir) },
  }
}

const storesIn = ({ orders, payments, stock, bank, lists }: Files): [name: string, files: File[]][] => [
  ['order partition', orders],
  ['payment partition', payments],
  ['stock partitions', stock],
  ['simulated bank', bank],
  ...Object.entries(LISTS).map(([name, table]): [string, File[]] => [
    name,
    lists.filter((file) => has(file, table)),
  ]),
]

/** What a Durable Object reports as the size of its database. */
const usedBytes = (sql: Sql): number =>
  sql<{ bytes: number }>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
      FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
  )[0]?.bytes ?? 0

const archiveBytes = (stateDir: string): number => {
  const folder = join(stateDir, 'v3/r2')
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.endsWith('blobs'))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

type Counted = Record<
  'orders' | 'payments' | 'reservations' | 'list of orders' | 'list of payments' | 'ledger',
  number
>

/** Rows of orders. A running system may be counted too. */
export const rowsOf = (stateDir: string): Counted => countRows(stateDir, () => '')

/** The same, of orders that were placed before this time. */
export const oldRowsOf = (stateDir: string, before: Instant): Counted =>
  countRows(stateDir, (time) => `WHERE ${time} < ${before}`)

const countRows = (stateDir: string, where: (time: string) => string): Counted => {
  const files = openFiles(stateDir)
  const count = (each: readonly File[], table: string, time: string): number =>
    sumIn(each, table, `SELECT count(*) AS sum FROM ${table} ${where(time)}`)
  const rows = {
    orders: count(files.orders, 'orders', "document ->> '$.placedAt'"),
    payments: count(files.payments, 'payments', "document ->> '$.createdAt'"),
    reservations: count(files.stock, 'holds', "document ->> '$.reservedAt'"),
    'list of orders': count(files.lists, 'listed_orders', 'placed_at'),
    'list of payments': count(files.lists, 'listed_payments', 'created_at'),
    ledger: count(files.lists, 'movements', 'at'),
  }
  closeFiles(files)
  return rows
}

/** Portions of orders whose departure has not ended everywhere. */
export const openPortionsOf = (stateDir: string): number => {
  const files = openFiles(stateDir)
  const portions =
    sumIn(files.orders, 'departures', 'SELECT count(*) AS sum FROM departures WHERE due_at IS NOT NULL') +
    sumIn([...files.payments, ...files.stock], 'departures', 'SELECT count(*) AS sum FROM departures')
  closeFiles(files)
  return portions
}

/** The sum of what a query returns in each file that has the table. */
const sumIn = (files: readonly File[], table: string, query: string): number =>
  files
    .filter((file) => has(file, table))
    .reduce((sum, { sql }) => sum + (sql<{ sum: number }>(query)[0]?.sum ?? 0), 0)
