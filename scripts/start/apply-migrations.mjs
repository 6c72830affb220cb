// Runs as a process of its own, so that `npm start` does not carry all of wrangler about.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getPlatformProxy, unstable_splitSqlQuery as statementsIn } from 'wrangler'
import { ROOT } from '../wrangler.mjs'
import { DATABASES, migrationsIn } from './migrations.mjs'

/** @typedef {import('./migrations.mjs').Database} Database */

const [, , stateDir = ''] = process.argv

const main = async () => {
  const { env, dispose } = await getPlatformProxy({
    configPath: writeConfig(),
    persist: { path: join(stateDir, 'v3') },
  })
  for (const database of DATABASES) await migrate(env[database.binding], database)
  await dispose()
}

/** One configuration with every database, so that one workerd serves them all. */
const writeConfig = () => {
  const file = join(stateDir, 'databases.json')
  mkdirSync(stateDir, { recursive: true })
  const databases = DATABASES.map(({ binding }) => ({ binding, database_name: binding }))
  writeFileSync(
    file,
    JSON.stringify({ name: 'migrations', compatibility_date: '2026-10-20', d1_databases: databases }),
  )
  return file
}

/**
 * Keeps the same books as wrangler, so that `wrangler d1 migrations list --local` tells the truth.
 * @param {any} d1
 * @param {Database} database
 */
const migrate = async (d1, { folder }) => {
  await d1.prepare(MIGRATIONS_TABLE).run()
  const { results } = await d1.prepare('SELECT name FROM d1_migrations').all()
  const applied = results.map((/** @type {{ name: string }} */ { name }) => name)
  for (const name of migrationsIn(folder)) {
    if (!applied.includes(name)) await applyFile(d1, folder, name)
  }
}

const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

/**
 * A batch is one transaction: a file is applied and noted, or neither.
 * @param {any} d1
 * @param {string} folder
 * @param {string} name
 */
const applyFile = async (d1, folder, name) => {
  const statements = statementsIn(readFileSync(join(ROOT, folder, name), 'utf8'))
  const note = d1.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
  try {
    await d1.batch([...statements.map((sql) => d1.prepare(sql)), note])
  } catch (error) {
    throw new Error(`${folder}/${name}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
