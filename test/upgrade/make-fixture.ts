/**
 * Makes a folder of this one from a release: starts the whole system of that commit on workerd, has it take orders,
 * kills it while some are at each stage of their way, and writes what its databases have as SQL. For a later release:
 *
 *     node test/upgrade/make-fixture.ts COMMIT
 *
 * It knows the release by its HTTP API, by `scripts/start.mjs` and by the tables of its partitions alone.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { dumpDatabases } from './make-fixture/dump.ts'
import { startRelease } from './make-fixture/release.ts'
import { bringOrdersToAllStages } from './make-fixture/stages.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const [commit] = process.argv.slice(2)
if (commit === undefined) throw new Error('Say which commit: node test/upgrade/make-fixture.ts COMMIT')

const work = mkdtempSync(join(tmpdir(), 'edge-orders-fixture-'))
const checkout = join(work, 'checkout')
execFileSync('git', ['clone', '--quiet', ROOT, checkout])
execFileSync('git', ['-C', checkout, 'checkout', '--quiet', commit])
install(checkout)

const release = await startRelease(checkout, join(work, 'state'))
try {
  await bringOrdersToAllStages(release)
} finally {
  await release.kill()
}
const folder = join(import.meta.dirname, commit.slice(0, 7))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
for (const [name, sql] of dumpDatabases(release.stateDir)) writeFileSync(join(folder, `${name}.sql`), sql)
writeFileSync(join(folder, 'killed-at.json'), `${JSON.stringify(release.killedAt())}\n`)
rmSync(work, { recursive: true })

/** A release with the packages of today takes those that are here. */
function install(checkout: string): void {
  const lockOf = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8')
  if (lockOf(checkout) === lockOf(ROOT)) {
    cpSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
  } else execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: checkout, stdio: 'inherit' })
}
