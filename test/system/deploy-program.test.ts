import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyAccount, type StandInAccount } from '../support/stand-in-wrangler.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Some fifty processes in a row. */
const WITHIN_MS = 90_000

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-orders-account-'))
  file = join(folder, 'account.json')
  writeFileSync(file, JSON.stringify(emptyAccount()))
})

afterEach(() => rmSync(folder, { recursive: true }))

const run = (script: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts', script), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      PAYMENT_GATEWAY: 'simulator',
      BOOTSTRAP_KEY: '',
      EDGE_ORDERS_WRANGLER: join(ROOT, 'test/support/stand-in-wrangler.ts'),
      STAND_IN_ACCOUNT: file,
    },
  })
  return { status, stdout, stderr }
}

const account = () => JSON.parse(readFileSync(file, 'utf8')) as StandInAccount

it('deploys an environment through the program wrangler, and destroys it', { timeout: WITHIN_MS }, () => {
  const deployed = run('deploy.mjs', '--env', 'staging')
  expect(deployed.stderr).toBe('')
  expect(deployed.stdout).toContain('Deploying staging to Acme (acc).')
  const order = account().workers['edge-orders-staging']
  expect(order?.vars).toMatchObject({ EVENT_LOG_SHARE: '1', DEMO_CATALOGUE: 'false' })
  const [shown] = /^ {4}([0-9a-f]{64})$/m.exec(deployed.stdout)?.slice(1) ?? []
  expect(order?.secrets).toEqual({
    BOOTSTRAP_KEY: shown,
    STORAGE_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(readFileSync(`${file}.calls`, 'utf8')).not.toContain(shown)

  const kept = run('destroy.mjs', '--env', 'staging')
  expect(kept).toMatchObject({ status: 1, stderr: expect.stringContaining('Give --yes') })
  expect(Object.keys(account().workers)).toHaveLength(4)

  expect(run('destroy.mjs', '--env', 'staging', '--yes').status).toBe(0)
  expect(account()).toEqual(emptyAccount())
})

it('explains an argument that it does not know', () => {
  expect(run('deploy.mjs', '--dryrun')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("Unknown option '--dryrun'"),
  })
})
