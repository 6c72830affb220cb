import { createHash, createHmac } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Failure } from '../failure.mjs'
import { CONFIGS, ROOT, SERVICES } from '../wrangler.mjs'
import { runNode } from './processes.mjs'
import { whyUnusableIn } from './unusable-folder.mjs'

/** @typedef {{ binding: string, folder: string }} Database */

/**
 * The databases of services that `npm run new-subscriber` has added: each has one, and names its folder as the others do.
 * @returns {Database[]}
 */
const addedDatabases = () =>
  CONFIGS.slice(SERVICES.length).map((config) => ({
    binding: `${basename(dirname(config)).toUpperCase()}_DB`,
    folder: join(dirname(config), 'migrations'),
  }))

/**
 * A local database is identified by its binding.
 * @type {Database[]}
 */
export const DATABASES = [
  { binding: 'ORDERS_DB', folder: 'workers/order/migrations' },
  { binding: 'LISTS_DB', folder: 'workers/order/list-migrations' },
  { binding: 'INVENTORY_DB', folder: 'workers/inventory/migrations' },
  { binding: 'PAYMENTS_DB', folder: 'workers/payment/migrations' },
  { binding: 'OPERATIONS_DB', folder: 'workers/operations/migrations' },
  ...addedDatabases(),
]

/**
 * Brings the local D1 databases up to date. `wrangler d1 migrations apply --local` does the same, and takes two seconds for
 * each database.
 * @param {string} stateDir
 */
export const applyMigrations = async (stateDir) => {
  if (DATABASES.every((database) => isUpToDate(database, stateDir))) return
  const { code, output } = await runNode([
    fileURLToPath(import.meta.resolve('./apply-migrations.mjs')),
    stateDir,
  ])
  if (code === 0) return
  throw (
    whyUnusableIn(output, stateDir) ??
    new Failure(
      `The database migrations could not be applied:\n\n${output.trim()}\n`,
      `Fix the newest migration, or delete ${stateDir} to begin with empty databases.`,
    )
  )
}

/** @param {string} folder */
export const migrationsIn = (folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.sql'))
    .sort()

/**
 * A database that is missing, or that cannot be read, counts as outdated.
 * @param {Database} database
 * @param {string} stateDir
 */
const isUpToDate = ({ binding, folder }, stateDir) => {
  const applied = appliedMigrations(join(stateDir, 'v3', 'd1', NAMESPACE, `${objectId(binding)}.sqlite`))
  return applied !== undefined && migrationsIn(folder).every((name) => applied.includes(name))
}

/** @param {string} file */
const appliedMigrations = (file) => {
  try {
    const database = new DatabaseSync(file, { readOnly: true })
    const rows = database.prepare('SELECT name FROM d1_migrations').all()
    database.close()
    return rows.map(({ name }) => name)
  } catch {
    return undefined
  }
}

const NAMESPACE = 'miniflare-D1DatabaseObject'

/**
 * A local D1 database is a Durable Object. This is how workerd derives an object's id from its name.
 * @param {string} name
 */
const objectId = (name) => {
  const key = createHash('sha256').update(NAMESPACE).digest()
  const digest = (/** @type {string | Buffer} */ data) =>
    createHmac('sha256', key).update(data).digest().subarray(0, 16)
  const nameDigest = digest(name)
  return Buffer.concat([nameDigest, digest(nameDigest)]).toString('hex')
}
