import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DATABASES } from '../../scripts/start/migrations.mjs'
import { CONFIGS } from '../../scripts/wrangler.mjs'
import { eventually } from '../support/eventually.ts'
import { membersOf, signal } from '../support/processes.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const STARTED = { withinMs: 90_000, everyMs: 200 }

const RUNBOOK = readFileSync(resolve(ROOT, 'docs/runbook.md'), 'utf8').replaceAll('\\\n  ', '')

const groups: number[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-orders-wrangler-'))
})

afterEach(async () => {
  for (const group of groups.splice(0)) {
    signal(-group, 'SIGKILL')
    await eventually(
      () => membersOf(group),
      (left) => left.length === 0,
    )
  }
  rmSync(folder, { recursive: true, force: true })
})

it('wrangler dev of the root alone is refused with one sentence on every path but /healthz', async () => {
  const ask = await wranglerDev([])
  expect((await ask('/healthz')).status).toBe(200)
  const paths = ['/orders', '/products', '/docs', '/docs/assets/page.css', '/nothing']
  const answers = await Promise.all(paths.map((path) => ask(path)))
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 503))
  const [sentence, ...others] = new Set(answers.map(({ body }) => body.detail))
  expect(others).toEqual([])
  expect(sentence).toContain(
    `X_LOCAL_EXPLORER=false npx wrangler dev --persist-to .wrangler/state ${ALL.join(' ')}`,
  )

  expect(RUNBOOK).toContain(`npx wrangler dev --persist-to .wrangler/state ${ALL.join(' ')}`)

  const { body } = await ask('/readyz')
  expect(body.workers.order.problems[0]).toBe(sentence)
  expect(body.workers.inventory).toEqual({ ready: false, problems: ['is not connected'] })
})

it('wrangler dev of all four serves orders, after the commands that /readyz names', async () => {
  const ask = await wranglerDev(ALL)
  const { body } = await ask('/readyz')
  expect((await ask('/docs/assets/page.css')).status).toBe(200)
  const migrations = commandsIn(body)
  expect(migrations, JSON.stringify(body)).toHaveLength(DATABASES.length)
  expect(migrations.filter((command) => !RUNBOOK.includes(command))).toEqual([])
  for (const command of migrations) await run(command.replace('.wrangler/state', folder))
  expect(JSON.stringify((await ask('/readyz')).body)).toContain('`npm run demo`')
  await run('npm run demo', { EDGE_ORDERS_URL: ask.origin, EDGE_ORDERS_KEY: readDevelopmentKey() })
  await eventually(
    () => ask('/readyz'),
    ({ status }) => status === 200,
  )

  const placed = await ask('/orders', { items: [{ productId: 'P001', quantity: 1 }] })
  expect(placed.status).toBe(202)
  const order = await eventually(
    () => ask(`/orders/${placed.body.orderId}`),
    ({ body }) => body.settledAt !== undefined,
  )
  expect(order.body.status).toBe('confirmed')
  expect((await ask('/cdn-cgi/local/explorer')).status).toBe(404)
})

const ALL = CONFIGS.flatMap((config) => ['-c', config])

/** As it is typed, but for places of its own; other Workers that run on this machine are not to be found. */
const wranglerDev = async (args: string[]) => {
  const [port, inspector] = [await freePort(), await freePort()]
  const places = ['--persist-to', folder, '--port', String(port), '--inspector-port', String(inspector)]
  const { pid = 0, stdout } = spawn('npx', ['wrangler', 'dev', ...args, ...places], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment({ WRANGLER_LOG: 'error', X_LOCAL_EXPLORER: 'false' }),
  })
  stdout.resume()
  groups.push(pid)
  const origin = `http://localhost:${port}`
  await eventually(
    () => fetch(`${origin}/healthz`),
    ({ status }) => status === 200,
    STARTED,
  )
  return Object.assign((path: string, body?: object) => call(origin + path, body), { origin })
}

const call = async (url: string, body?: object) => {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${readDevelopmentKey()}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, body: isJson ? JSON.parse(text) : text }
}

const commandsIn = (readiness: unknown): string[] =>
  [...JSON.stringify(readiness).matchAll(/`(npx wrangler d1 migrations apply [^`]*)`/g)].map(
    ([, command = '']) => command,
  )

/** Beside our event loop, which sees meanwhile that the server closes connections that are idle. */
const run = async (command: string, more: Record<string, string> = {}): Promise<void> => {
  const child = spawn(command, { shell: true, cwd: ROOT, env: environment({ STATE_DIR: folder, ...more }) })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)))
  const [status] = await once(child, 'close')
  expect(`${status} ${said.join('')}`).toMatch(/^0 /)
}

const environment = (more: Record<string, string>) => ({
  ...process.env,
  WRANGLER_REGISTRY_PATH: join(folder, 'registry'),
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  ...more,
})
