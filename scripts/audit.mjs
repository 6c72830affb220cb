// `npm run audit`: known holes of high or critical severity in what is deployed.
import { spawnSync } from 'node:child_process'
import { readAuditReport } from './dependencies/audit-report.mjs'
import { ROOT } from './wrangler.mjs'

/** A registry that is away is asked once more; then CI goes on without it. */
const PATIENCE = ['--fetch-retries=1', '--fetch-timeout=20000']

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', ...PATIENCE], {
  cwd: ROOT,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const report = readAuditReport(stdout ?? '')
if (report.kind === 'not answered') {
  console.log(
    `Not answered: the registry serves no audit (${report.reason}). Nothing is known of the packages.`,
  )
} else {
  console.log(`Known holes in what is deployed: ${JSON.stringify(report.counts)}`)
  if (report.grave.length > 0) {
    console.error(report.grave.join('\n'))
    process.exitCode = 1
  }
}
