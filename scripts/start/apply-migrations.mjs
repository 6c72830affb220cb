// Runs as a process of its own, so that the process of `npm start` does not keep all of wrangler in memory.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getPlatformProxy, unstable_splitSqlQuery as statementsIn } from 'wrangler'
import { z } from 'zod'
import { ROOT } from '../wrangler.mjs'
import { DATABASES, migrationsIn } from './migrations.mjs'

/** @type {z.ZodType<D1Database>} */
const d1Database = z.custom((value) => typeof value === 'object' && value !== null && 'prepare' in value)

const bindings = z.record(z.string(), d1Database)

const [, , stateDir = ''] = process.argv

const main = async () => {
  const { env, dispose } = await getPlatformProxy({
    configPath: writeConfig(),
    persist: { path: join(stateDir, 'v3') },
  })
  const databases = bindings.parse(env)
  for (const { binding, folder } of DATABASES) {
    const d1 = databases[binding]
    if (d1 === undefined) throw new Error(`wrangler made no database for the binding ${binding}`)
    await migrate(d1, folder)
  }
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
 * Records migrations in wrangler's own table, so that `wrangler d1 migrations list --local` is right.
 * @param {D1Database} d1
 * @param {string} folder
 */
const migrate = async (d1, folder) => {
  await d1.prepare(MIGRATIONS_TABLE).run()
  const { results } = await d1.prepare('SELECT name FROM d1_migrations').all()
  const applied = results.map(({ name }) => name)
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
 * A batch is one transaction: it applies and records a file, or does neither.
 * @param {D1Database} d1
 * @param {string} folder
 * @param {string} name
 */
const applyFile = async (d1, folder, name) => {
  const statements = statementsIn(readFileSync(join(ROOT, folder, name), 'utf8'))
  const record = d1.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
  try {
    await d1.batch([...statements.map((sql) => d1.prepare(sql)), record])
  } catch (error) {
    throw new Error(`${folder}/${name}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
