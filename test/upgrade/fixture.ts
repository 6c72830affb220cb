import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { giveBack, takeDatabase } from '../simulation/platform/databases.ts'

const WORKERS = resolve(import.meta.dirname, '../../workers')

/** Where the migrations of each D1 database are. */
const MIGRATIONS: Record<string, string> = {
  order: 'order/migrations',
  lists: 'order/list-migrations',
  inventory: 'inventory/migrations',
  payment: 'payment/migrations',
  operations: 'operations/migrations',
}

/** What a release left: how many partitions, and when it was killed. */
export const readFixture = (folder: string) => {
  const count = (kind: string) => globSync(`${kind}-*.sql`, { cwd: folder }).length
  return {
    orderPartitions: count('orders'),
    stockPartitions: count('stock'),
    killedAt: Number(readFileSync(join(folder, 'killed-at.json'), 'utf8')),
  }
}

/** The next system of a simulation finds the fixture in its databases. */
export const layOut = (folder: string): void => {
  const read = (name: string) => readFileSync(join(folder, `${name}.sql`), 'utf8')
  for (const kind of ['orders', 'stock', 'payments', 'bank']) {
    const names = globSync(`${kind}-*.sql`, { cwd: folder }).map((file) => file.replace('.sql', ''))
    fill(kind, names.toSorted().map(read))
  }
  fill('webhooks', [read('webhooks')])
  for (const [name, migrations] of Object.entries(MIGRATIONS))
    fill(`read model of ${name}`, [read(`d1-${name}`)], join(WORKERS, migrations))
}

/** The system takes the one first that was given back last. */
const fill = (kind: string, dumps: readonly string[], migrations?: string): void => {
  const databases = dumps.map((dump) => {
    const database = takeDatabase(kind)
    database.sql(dump)
    if (migrations !== undefined) database.sql(newerThan(database.sql, migrations))
    return database
  })
  for (const database of databases.toReversed()) giveBack(kind, database)
}

/** The migrations that a start of today's code would apply, as wrangler does. */
const newerThan = (sql: ReturnType<typeof takeDatabase>['sql'], folder: string): string => {
  const applied = new Set(sql<{ name: string }>('SELECT name FROM d1_migrations').map(({ name }) => name))
  const missing = readdirSync(folder).filter((name) => !applied.has(name))
  return missing
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
    .concat(';')
}
