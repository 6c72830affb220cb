import { spawnSync } from 'node:child_process'
import { globSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { copyProject, npmStart } from '../support/npm-start.ts'
import { readDevelopmentKey } from '../support/running-system.ts'

const { folder: copy, remove } = copyProject('subscriber')
const stateDir = join(copy, '.wrangler/state')
const config = join(copy, 'workers/shipping/wrangler.toml')

const running = new Set<() => Promise<void>>()

afterAll(async () => {
  await Promise.all(Array.from(running, (end) => end()))
  remove()
})

const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' })

/** `npm start` in the copy. */
const start = async () => {
  const started = await npmStart({ folder: copy, stateDir })
  running.add(started.end)
  return started
}

const call = async (port: number, path: string, body?: object) => {
  const response = await fetch(`http://localhost:${port}${path}`, {
    headers: { authorization: `Bearer ${readDevelopmentKey(copy)}`, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return (await response.json()) as { orderId: string; settledAt?: string; status: string }
}

/** The rows of a table in whichever local database has it. */
const rowsOf = (query: string, kind: 'd1' | 'do'): unknown[] =>
  globSync(`v3/${kind}/**/*.sqlite`, { cwd: stateDir }).flatMap((file) => {
    const database = new DatabaseSync(join(stateDir, file), { readOnly: true })
    try {
      return database.prepare(query).all()
    } catch {
      return []
    } finally {
      database.close()
    }
  })

const TASKS = 'SELECT order_id, type FROM shipping_tasks'
const UNACKNOWLEDGED = 'SELECT order_id FROM orders WHERE unacknowledged IS NOT NULL'

it('npm run new-subscriber adds a service that handles an order although it has lost the first message', async () => {
  const generated = run('scripts/new-subscriber.mjs', 'shipping')
  expect(generated.stderr).toBe('')
  expect(generated.status).toBe(0)

  // Its Worker is away, so that the local queue has no consumer and loses the message.
  renameSync(config, `${config}.away`)
  const first = await start()
  const { orderId } = await call(first.port, '/orders', { items: [{ productId: 'P001', quantity: 1 }] })
  const settled = await eventually(
    () => call(first.port, `/orders/${orderId}`),
    (order) => order.settledAt !== undefined,
  )
  expect(settled.status).toBe('confirmed')
  await first.end()
  expect(rowsOf(UNACKNOWLEDGED, 'do')).toEqual([{ order_id: orderId }])

  renameSync(`${config}.away`, config)
  const second = await start()
  await eventually(
    async () => rowsOf(TASKS, 'd1'),
    (rows) => rows.length > 0,
    { withinMs: 60_000 },
  )
  await eventually(
    async () => rowsOf(UNACKNOWLEDGED, 'do'),
    (rows) => rows.length === 0,
    { withinMs: 60_000 },
  )
  expect(rowsOf(TASKS, 'd1')).toEqual([{ order_id: orderId, type: 'OrderConfirmed' }])
  await second.end()
})

it('the copy compiles, and the tests of contracts, architecture and deployment take the new service in', () => {
  expect(run('node_modules/@typescript/native/bin/tsc').stdout).toBe('')
  const tests = ['test/contract', 'test/architecture', 'test/unit/deploy-account.test.ts']
  const vitest = run('node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...tests)
  expect(vitest.status, vitest.stdout).toBe(0)
})

it('a service that is there, and a name that cannot be, are refused before anything is written', () => {
  expect(run('scripts/new-subscriber.mjs', 'payment')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is a folder src/payment'),
  })
  expect(run('scripts/new-subscriber.mjs', 'two-words').stderr).toContain('Use 3 to 20 small letters')
  expect(run('scripts/new-subscriber.mjs', 'letters', '--events', 'OrderPlaced').stderr).toContain(
    'A subscriber cannot get OrderPlaced.',
  )
})
