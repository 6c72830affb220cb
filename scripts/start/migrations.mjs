import { createHash, createHmac } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ROOT } from '../wrangler.mjs'
import { Failure } from './failure.mjs'
import { runWrangler } from './processes.mjs'

/** @typedef {{ binding: string, config: string, folder: string }} Database */

/** @type {Database[]} */
const DATABASES = [
  { binding: 'ORDERS_DB', config: 'wrangler.toml', folder: 'workers/order/migrations' },
  { binding: 'INVENTORY_DB', config: 'workers/inventory/wrangler.toml', folder: 'workers/inventory/migrations' },
  { binding: 'PAYMENTS_DB', config: 'workers/payment/wrangler.toml', folder: 'workers/payment/migrations' },
]

/**
 * Brings the local D1 databases up to date.
 * @param {string} stateDir
 */
export const applyMigrations = async (stateDir) => {
  const outdated = DATABASES.filter((database) => !isUpToDate(database, stateDir))
  const tries = await Promise.all(outdated.map((database) => apply(database, stateDir)))
  // Side by side they share one bookkeeping file: who failed may only have met another there, and goes again alone.
  for (const { database, ending } of tries) {
    if (ending.code !== 0) await applyOrFail(database, stateDir)
  }
}

/**
 * Asks what wrangler would ask, without the seconds it takes to start three times: which files has the database not
 * seen? A database that is not found, or cannot be read, is left to wrangler.
 * @param {Database} database
 * @param {string} stateDir
 */
const isUpToDate = ({ binding, folder }, stateDir) => {
  const applied = appliedMigrations(join(stateDir, 'v3', 'd1', D1_NAMESPACE, `${objectId(D1_NAMESPACE, binding)}.sqlite`))
  return applied !== undefined && migrationsIn(folder).every((name) => applied.includes(name))
}

const D1_NAMESPACE = 'miniflare-D1DatabaseObject'

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

/**
 * A local D1 database is a Durable Object named for its binding; this is how workerd derives the object's id.
 * @param {string} namespace
 * @param {string} name
 */
const objectId = (namespace, name) => {
  const key = createHash('sha256').update(namespace).digest()
  const half = (/** @type {string | Buffer} */ data) => createHmac('sha256', key).update(data).digest().subarray(0, 16)
  const nameHalf = half(name)
  return Buffer.concat([nameHalf, half(nameHalf)]).toString('hex')
}

/** @param {string} folder */
const migrationsIn = (folder) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.sql'))

/**
 * @param {Database} database
 * @param {string} stateDir
 */
const apply = async (database, stateDir) => {
  const { binding, config } = database
  const where = ['--local', '--persist-to', stateDir, '-c', config]
  const ending = await runWrangler(['d1', 'migrations', 'apply', binding, ...where])
  return { database, ending }
}

/**
 * @param {Database} database
 * @param {string} stateDir
 */
const applyOrFail = async (database, stateDir) => {
  const { ending } = await apply(database, stateDir)
  if (ending.code === 0) return
  throw new Failure(
    `The migrations of ${database.binding} could not be applied:\n\n${ending.output.trim()}\n`,
    `Mend the newest file in ${database.folder}, or remove ${stateDir} to begin with empty databases.`,
  )
}
