// `npm run audit`: known vulnerabilities of high or critical severity in the packages that are deployed.
import { spawnSync } from 'node:child_process'
import { readAuditReport } from './dependencies/audit-report.mjs'
import { ROOT } from './wrangler.mjs'

/** One retry for a registry that cannot be reached. After it CI continues without the report. */
const RETRIES = ['--fetch-retries=1', '--fetch-timeout=20000']

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', ...RETRIES], {
  cwd: ROOT,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const report = readAuditReport(stdout ?? '')
if (report.kind === 'unavailable') {
  console.log(
    `No report: the registry offers no audit (${report.reason}). Vulnerabilities of the packages are unknown.`,
  )
} else {
  console.log(`Known vulnerabilities in the deployed packages: ${JSON.stringify(report.counts)}`)
  if (report.severe.length > 0) {
    console.error(`${report.severe.join('\n')}\nUpdate or replace these packages.`)
    process.exitCode = 1
  }
}
