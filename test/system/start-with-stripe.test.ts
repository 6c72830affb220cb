import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openConsole, signIn } from '../support/console-session.ts'
import type { System } from '../support/harness.ts'
import { copyProject, npmStart } from '../support/npm-start.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'
import { openShop } from '../support/shop.ts'
import { startStripeServer } from '../support/stripe/stripe-server.ts'

const { folder, remove } = copyProject('stripe')
const KEY = readDevelopmentKey(folder)
const ends: (() => Promise<void>)[] = []

let stripe: Awaited<ReturnType<typeof startStripeServer>>

beforeAll(async () => {
  stripe = await startStripeServer()
})

afterAll(async () => {
  await Promise.all(ends.map((end) => end()))
  await stripe.close()
  remove()
})

const variables = () => ({
  ...{ PAYMENT_GATEWAY: 'stripe', STRIPE_SECRET_KEY: 'sk_test_mock', STRIPE_WEBHOOK_SECRET: 'whsec_mock' },
  STRIPE_API_BASE: stripe.url,
})

/** Each start has a state of its own. */
const start = async (environment: Record<string, string>) => {
  const stateDir = join(folder, `.wrangler/state-${ends.length}`)
  const started = await npmStart({ folder, stateDir, environment })
  ends.push(started.end)
  return started
}

const systemAt = (port: number) =>
  ({
    fetch: (path: string, init?: RequestInit) => fetch(`http://localhost:${port}${path}`, init),
  }) as unknown as System

const signed = (body: string): string => {
  const seconds = Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', 'whsec_mock').update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${signature}`
}

/** An order is charged at the mock of Stripe, its posted event is taken, and operators see that no card is charged. */
const expectStripe = async (port: number): Promise<void> => {
  const system = systemAt(port)
  const shop = openShop(system, KEY)
  const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
  expect(await shop.settled(orderId)).toMatchObject({ status: 'confirmed', payment: { capturedAmount: 50 } })
  const intent = stripe.mock.intents().find(({ metadata }) => metadata['order_id'] === orderId)
  expect(intent).toMatchObject({ status: 'succeeded', amountReceived: 5_000 })

  const body = JSON.stringify({
    ...{ id: `evt_${orderId}`, object: 'event', type: 'payment_intent.succeeded', livemode: false },
    data: { object: { metadata: { order_id: orderId } } },
  })
  const posted = await system.fetch('/gateways/stripe/events', {
    ...{ method: 'POST', body, headers: { 'stripe-signature': signed(body) } },
  })
  expect(await posted.json()).toEqual({ received: true, outcome: 'taken' })

  const { workers } = (await shop.call('/readyz')).body
  expect(workers.payment).toMatchObject({ ready: true, warnings: [expect.stringContaining('test mode')] })
  const { cookie } = await signIn(system, KEY)
  expect((await openConsole(system, cookie).call('/console/health')).text).toContain('Stripe is in test mode')
  expect(stripe.mock.violations).toEqual([])
}

it('npm start charges by Stripe as its environment says, although .dev.vars names the simulator', async () => {
  const { port, end } = await start(variables())
  await expectStripe(port)
  await end()
})

it('npm start without the key of Stripe ends at once, and says which variable is missing and where to set it', async () => {
  const stateDir = join(folder, '.wrangler/state-without-key')
  const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
    ...{ cwd: folder, encoding: 'utf8' },
    env: { ...process.env, PORT: String(await freePort()), STATE_DIR: stateDir, PAYMENT_GATEWAY: 'stripe' },
  })
  expect(status).toBe(1)
  expect(stderr).toContain('STRIPE_SECRET_KEY is missing')
  expect(stderr).toContain('workers/payment/.dev.vars')
})

it('npm start charges by Stripe as .dev.vars says', async () => {
  const { PAYMENT_GATEWAY, ...secrets } = variables()
  const lines = (all: Record<string, string>) =>
    Object.entries(all).map(([name, value]) => `${name}=${value}`)
  const common = { PAYMENT_GATEWAY, DEMO_CATALOGUE: 'true' }
  const storageKey = '5f3e2d1c0bb1946ac92492d2347c6235b4d2611184f0e9d8c7b6a59483726150'
  const write = (file: string, all: Record<string, string>) =>
    writeFileSync(join(folder, file), `${lines(all).join('\n')}\n`)
  write('.dev.vars', { ...common, BOOTSTRAP_KEY: KEY, STORAGE_KEY: storageKey })
  write('workers/payment/.dev.vars', { ...common, ...secrets })
  const { port, end } = await start({})
  await expectStripe(port)
  await end()
})
