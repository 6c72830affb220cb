/**
 * Makes a folder of this one from a release: starts the whole system of that commit on workerd, has it take orders,
 * kills it while some are at each stage of their way, and writes what its databases have as SQL. For a later release:
 *
 *     node test/upgrade/make-fixture.ts COMMIT
 *
 * It knows the release by its HTTP API, by `scripts/start.mjs` and by the tables of its partitions alone.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkOut } from './make-fixture/checkout.ts'
import { dumpDatabases } from './make-fixture/dump.ts'
import { startRelease } from './make-fixture/release.ts'
import { bringOrdersToAllStages } from './make-fixture/stages.ts'

const [commit] = process.argv.slice(2)
if (commit === undefined) throw new Error('Say which commit: node test/upgrade/make-fixture.ts COMMIT')

const work = mkdtempSync(join(tmpdir(), 'edge-orders-fixture-'))
const checkout = join(work, 'checkout')
checkOut(commit, checkout)

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
