import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, onTestFailed } from 'vitest'
import { createTestHarness, type TestHarness } from 'wrangler'
import { eventually } from '../support/eventually.ts'
import type { System as HarnessSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'
import { mix, RELEASES, type System, unpackRelease, unpackToday, WORKERS } from '../upgrade/releases.ts'

const LAST = '0.2.0'
const STOCK = 100

const folder = mkdtempSync(join(tmpdir(), 'edge-orders-releases-'))
const built = process.env['BUILT_WORKERS'] ?? ''
const today = unpackToday(built, join(folder, 'today'))
const releases = Object.fromEntries(
  RELEASES.map((release) => [release, unpackRelease(release, join(folder, release))]),
)
const last = releases[LAST] ?? today

let server: TestHarness | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

afterAll(() => rmSync(folder, { recursive: true }))

const STORAGE_KEY = '5f3e2d1c0bb1946ac92492d2347c6235b4d2611184f0e9d8c7b6a59483726150'

/** Each version reads what it knows of these. */
const SETTINGS = {
  order: {
    vars: { DEMO_CATALOGUE: 'false', PAYMENT_GATEWAY: 'simulator' },
    secrets: { BOOTSTRAP_KEY: 'test-admin-key', STORAGE_KEY },
  },
  inventory: { vars: {}, secrets: {} },
  payment: { vars: { DEMO_CATALOGUE: 'false', PAYMENT_GATEWAY: 'simulator' }, secrets: {} },
  operations: { vars: {}, secrets: { STORAGE_KEY } },
}

const optionsOf = (system: System) =>
  WORKERS.map((worker) => ({ configPath: system[worker], ...SETTINGS[worker] }))

const DATABASES = {
  'edge-orders': ['ORDERS_DB', 'LISTS_DB'],
  'edge-orders-inventory': ['INVENTORY_DB'],
  'edge-orders-payment': ['PAYMENTS_DB'],
  'edge-orders-operations': ['OPERATIONS_DB'],
}

/** The first release has no database for lists. */
const migrate = async (harness: TestHarness) => {
  for (const [worker, bindings] of Object.entries(DATABASES)) {
    const env = (await harness.getWorker(worker).getEnv()) as Record<string, unknown>
    for (const binding of bindings.filter((name) => name in env))
      await harness.getWorker(worker).applyD1Migrations(binding)
  }
}

const start = async (system: System) => {
  const harness = createTestHarness({ workers: optionsOf(system) })
  server = harness
  await harness.listen()
  await migrate(harness)
  onTestFailed(() => harness.debug())
  const shop = openShop({
    fetch: harness.fetch,
    env: (worker: keyof typeof SETTINGS) =>
      harness.getWorker(worker === 'order' ? 'edge-orders' : `edge-orders-${worker}`).getEnv(),
  } as unknown as HarnessSystem)
  return {
    shop,
    /** Kills the runtime, so that every message on a queue is lost, and goes on with another version. */
    goOnWith: async (next: System) => {
      await harness.update((options) => ({ ...options, workers: optionsOf(next) }))
      await migrate(harness)
    },
  }
}

type Shop = ReturnType<typeof openShop>

/** Orders that are on their way when the runtime is killed. */
const TOKENS = [
  ...['pm_card_visa', 'pm_card_visa', 'pm_card_chargeDeclined'],
  ...['pm_sim_timeoutOnce', 'pm_sim_errorOnce'],
]

const place = (shop: Shop) =>
  Promise.all(TOKENS.map((token) => shop.place([{ productId: 'P001', quantity: 1 }], token)))

/** Two orders that were settled, and whose cancellation and refund the runtime is killed with. */
const disturb = async (shop: Shop, earlier: readonly string[]) => {
  const [cancelled = '', refunded = ''] = earlier
  const taken = await Promise.all([
    shop.post(`/orders/${cancelled}/cancel`, {}),
    shop.post(`/payments/${refunded}/refunds`, { amount: 20 }),
  ])
  expect(taken.map(({ status }) => status)).toEqual([202, 202])
}

/** The cancellation and the refund have their effect once, also where every event about them was lost. */
const expectDisturbed = async (shop: Shop, earlier: readonly string[]) => {
  const [cancelled = '', refunded = ''] = earlier
  expect(await shop.settled(cancelled)).toMatchObject({ status: 'cancelled' })
  await eventually(
    () => shop.read(refunded),
    ({ payment }) => payment.refundedAmount === 20,
    { withinMs: 55_000 },
  )
  const books = await Promise.all([cancelled, refunded].map(shop.bank))
  expect(books.map(({ captured, refunded: back }) => [captured, back])).toEqual([
    [50, 50],
    [50, 20],
  ])
}

/**
 * Orders that were settled under one version get a cancellation and a refund, others are on their way, and none of the events
 * is delivered: the other version finishes all of them.
 */
const expectFinishedBy = async (first: System, second: System) => {
  const { shop, goOnWith } = await start(first)
  await shop.stock('P001', STOCK)
  const item = [{ productId: 'P001', quantity: 1 }]
  const earlier = await Promise.all([shop.place(item), shop.place(item)])
  await Promise.all(earlier.map(shop.settled))
  const [ids] = await Promise.all([place(shop), disturb(shop, earlier)])
  await goOnWith(second)
  const sold = await expectSettled(shop, ids)
  await expectDisturbed(shop, earlier)
  expect(await shop.level('P001')).toEqual({ onHand: STOCK - sold - 1, reserved: 0 })
}

/** Every order is settled, and no card is charged twice. Returns how many were confirmed. */
const expectSettled = async (shop: Shop, ids: readonly string[]): Promise<number> => {
  const orders = await Promise.all(ids.map(shop.settled))
  expect(orders.map(({ status }) => status)).toEqual(
    TOKENS.map((token) => (token === 'pm_card_chargeDeclined' ? 'rejected' : 'confirmed')),
  )
  const books = await Promise.all(ids.map(shop.bank))
  expect(books.map(({ captured, held }) => [captured, held])).toEqual(
    orders.map(({ status }) => [status === 'confirmed' ? 50 : 0, 0]),
  )
  return orders.filter(({ status }) => status === 'confirmed').length
}

describe.each(RELEASES)('a system of release %s', (release) => {
  it("is upgraded in the middle of its work: today's code finishes its orders, and delivers its events", async () => {
    await expectFinishedBy(releases[release] ?? today, today)
  })
})

it(`after a roll-back to release ${LAST} its code finishes the orders of today's, and delivers its events`, async () => {
  await expectFinishedBy(today, last)
})

describe('in the minutes after a deployment', () => {
  it.each([
    ['new Workers meet old objects', { workers: today, objects: last }],
    ['old Workers meet new objects', { workers: last, objects: today }],
  ])('%s, and orders are placed, settled, cancelled and refunded', async (title, sides) => {
    const { shop } = await start(mix({ ...sides, folder: join(folder, title.replaceAll(' ', '-')) }))
    await shop.stock('P001', STOCK)
    const ids = await place(shop)
    const sold = await expectSettled(shop, ids)
    const [cancelled = '', refunded = ''] = ids
    expect((await shop.post(`/orders/${cancelled}/cancel`, {})).status).toBe(202)
    expect((await shop.post(`/payments/${refunded}/refunds`, { amount: 20 })).status).toBe(202)
    const order = await shop.settled(cancelled)
    expect(order).toMatchObject({ status: 'cancelled', payment: { status: 'refunded' } })
    expect(await shop.level('P001')).toEqual({ onHand: STOCK - sold + 1, reserved: 0 })
    expect((await shop.call(`/orders/${refunded}/events`)).status).toBe(200)
    expect((await shop.call('/readyz')).body).toHaveProperty('workers.order')
  })
})
