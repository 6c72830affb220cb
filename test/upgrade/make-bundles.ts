/**
 * Keeps the four Workers of a release as they were bundled, with their configurations, so that tests can run them
 * without its history and its packages:
 *
 *     node test/upgrade/make-bundles.ts COMMIT NAME
 *
 * writes `test/upgrade/bundles/NAME`. A folder there is never changed.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'smol-toml'
import { ROOT, wranglerArguments, wranglerEnvironment } from '../../scripts/wrangler.mjs'
import { checkOut } from './make-fixture/checkout.ts'

const CONFIGS = {
  order: 'wrangler.toml',
  inventory: 'workers/inventory/wrangler.toml',
  payment: 'workers/payment/wrangler.toml',
  operations: 'workers/operations/wrangler.toml',
}

/** The parts of a configuration that depend on where it lies, or are not for a bundle. */
type Config = {
  d1_databases?: { migrations_dir: string }[]
  assets?: { directory: string }
  build?: unknown
  secrets?: unknown
}

const [commit, name] = process.argv.slice(2)
if (commit === undefined || name === undefined)
  throw new Error('Say which commit: node test/upgrade/make-bundles.ts COMMIT NAME')

const work = mkdtempSync(join(tmpdir(), 'edge-orders-bundles-'))
const checkout = join(work, 'checkout')
checkOut(commit, checkout)
const folder = join(import.meta.dirname, 'bundles', name)
mkdirSync(folder, { recursive: true })
for (const [worker, config] of Object.entries(CONFIGS)) {
  const out = join(work, worker)
  const args = ['deploy', '--dry-run', '--minify', '-c', config, '--outdir', out]
  execFileSync(process.execPath, wranglerArguments(args), { cwd: checkout, env: wranglerEnvironment() })
  writeFileSync(join(folder, `${worker}.js.gz`), gzipSync(readFileSync(join(out, 'index.js')), { level: 9 }))
  writeFileSync(join(folder, `${worker}.json`), `${JSON.stringify(configOf(worker, config), null, 2)}\n`)
}
writeFileSync(join(folder, 'commit'), `${commit}\n`)
rmSync(work, { recursive: true })

/**
 * As it was, with the bundle as its code, and with the migrations of today: they are applied before any Worker runs.
 * Paths begin at the root of the project.
 */
function configOf(worker: string, config: string): object {
  const {
    build: _build,
    secrets: _secrets,
    ...own
  } = parse(readFileSync(join(checkout, config), 'utf8')) as Config
  return {
    ...own,
    main: `${worker}.js`,
    ...(own.d1_databases && {
      d1_databases: own.d1_databases.map((database) => ({
        ...database,
        migrations_dir: fromRoot(config, database.migrations_dir),
      })),
    }),
    ...(own.assets && { assets: { ...own.assets, directory: fromRoot(config, own.assets.directory) } }),
  }
}

function fromRoot(config: string, path: string): string {
  return resolve('/', config, '..', path).slice(1)
}

console.log(`Written: ${folder.slice(ROOT.length + 1)}`)
