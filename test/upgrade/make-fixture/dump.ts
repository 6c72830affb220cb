import { globSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { partitionIndex } from '../../../src/kernel/partitions.ts'

/** Each database under its name: a partition's is that of its object, D1's begins with `d1-`. */
export const dumpDatabases = (stateDir: string): [name: string, sql: string][] => {
  const files = globSync('v3/{do,d1}/*/*.sqlite', { cwd: stateDir }).filter(
    (file) => !file.endsWith('metadata.sqlite'),
  )
  const stockPartitions = files.filter((file) => file.includes('StockObject')).length
  return files.toSorted().flatMap((file) => {
    const database = new DatabaseSync(join(stateDir, file))
    const tables = tablesOf(database)
    const name = nameOf(file, { database, tables, stockPartitions })
    return name === undefined ? [] : [[name, dump(database)] satisfies [string, string]]
  })
}

type Open = { database: DatabaseSync; tables: ReadonlySet<string>; stockPartitions: number }

/** The files are named by hashes, so their tables and rows have to say whose they are. */
const nameOf = (file: string, { database, tables, stockPartitions }: Open): string | undefined => {
  const first = (query: string): string => String(database.prepare(query).get()?.['id'] ?? '')
  const labelled = (table: string) => first(`SELECT order_id AS id FROM ${table}`).split('_')[1]
  if (file.includes('/d1/')) return D1.find(([table]) => tables.has(table))?.[1]
  if (file.includes('OrderObject')) return `orders-${labelled('orders')}`
  if (file.includes('PaymentObject')) return `payments-${labelled('payments')}`
  if (file.includes('SimulatedBankObject')) return `bank-${labelled('operations')}`
  if (file.includes('WebhookObject')) return 'webhooks'
  const product = first('SELECT product_id AS id FROM products')
  if (file.includes('StockObject')) return `stock-${partitionIndex(product, stockPartitions)}`
  return undefined
}

/** A table that only this database has; the first one that fits counts. */
const D1 = [
  ['catalogue', 'd1-order'],
  ['movements', 'd1-inventory'],
  ['payments', 'd1-payment'],
  ['dead_letters', 'd1-operations'],
  ['orders', 'd1-lists'],
] as const

/** Without those of the platform and of SQLite. */
const SCHEMA = `SELECT type, name, sql FROM sqlite_schema
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`

const tablesOf = (database: DatabaseSync): ReadonlySet<string> =>
  new Set(
    database
      .prepare(`${SCHEMA} AND type = 'table'`)
      .all()
      .map(({ name }) => String(name)),
  )

/** A statement on each line: tables, their rows, and then indexes, which cost less so. */
const dump = (database: DatabaseSync): string => {
  const parts = database.prepare(SCHEMA).all() as { type: string; name: string; sql: string }[]
  const tables = parts.filter(({ type }) => type === 'table')
  const others = parts.filter(({ type }) => type !== 'table')
  const lines = [
    ...tables.flatMap(({ name, sql }) => [oneLine(sql), ...rowsOf(database, name)]),
    ...others.map(({ sql }) => oneLine(sql)),
  ]
  return lines.map((line) => `${line};\n`).join('')
}

const oneLine = (sql: string): string =>
  sql
    .replace(/--[^\n]*/g, '')
    .replace(/\s+/g, ' ')
    .trim()

const rowsOf = (database: DatabaseSync, table: string): string[] => {
  const columns = database
    .prepare(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name))
  const values = columns.map((column) => `quote("${column}")`).join(` || ', ' || `)
  return database
    .prepare(`SELECT ${values} AS row_values FROM "${table}"`)
    .all()
    .map(({ row_values }) => `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${row_values})`)
}
