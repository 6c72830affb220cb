import { createHmac, hkdfSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const NONE = { secrets: { STORAGE_KEY: '' } }

const READY = { ready: true, problems: [] }

const CONFIGS = {
  order: 'wrangler.toml',
  operations: 'workers/operations/wrangler.toml',
}

/** As the version of 2026-11-26 made it. */
const olderToken = (orderId: string, expiresAt: number): string => {
  const key = new Uint8Array(hkdfSync('sha256', 'test-admin-key', '', 'edge-orders read token 1', 32))
  const [end, mac] = [expiresAt.toString(36), createHmac('sha256', key)]
  return `rt_${end}.${mac.update(`${orderId}.${end}`).digest('base64url')}`
}

describe('a deployment without STORAGE_KEY', () => {
  let system: System
  let shop: ReturnType<typeof openShop>

  beforeAll(async () => {
    system = await startSystem({ order: NONE, operations: NONE })
    shop = openShop(system)
    await shop.stock('P001', 100)
  })

  afterAll(() => system.close())

  it('is ready, and each Worker that lacks it says how to set it', async () => {
    const { status, body } = await shop.call('/readyz')
    expect(status).toBe(200)
    const warned = Object.entries(CONFIGS).map(([worker, config]) => [
      worker,
      {
        ready: true,
        problems: [],
        warnings: [
          ...(worker === 'order' ? [expect.stringMatching(/^BOOTSTRAP_KEY has fewer/)] : []),
          expect.stringContaining(`wrangler secret put STORAGE_KEY -c ${config}\``),
        ],
      },
    ])
    expect(body.workers).toMatchObject({ ...Object.fromEntries(warned), inventory: READY, payment: READY })
  })

  it('takes orders and settles them, without read tokens', async () => {
    const { status, body } = await shop.post('/orders', { items: [{ productId: 'P001', quantity: 1 }] })
    expect([status, body]).toEqual([202, expect.not.objectContaining({ readToken: expect.anything() })])
    const { orderId } = body
    expect(await shop.settled(orderId)).toMatchObject({ status: 'confirmed' })
  })

  it('lets a token in that older code sealed with the bootstrap key, until it expires', async () => {
    const { body } = await shop.post('/orders', { items: [{ productId: 'P001', quantity: 1 }] })
    const read = async (expiresAt: number) => {
      const token = olderToken(body.orderId, expiresAt)
      return (await system.fetch(`/orders/${body.orderId}?token=${token}`)).status
    }
    expect([await read(Date.now() + 60_000), await read(Date.now() - 1)]).toEqual([200, 401])
  })
})

/** All rows of all tables of the partitions, as text. */
const everythingIn = async (system: System): Promise<string> => {
  const places = [
    ['order', 'OrderObject', 'orders-0'] as const,
    ['payment', 'PaymentObject', 'payments-0'] as const,
    ['payment', 'SimulatedBankObject', 'bank-0'] as const,
  ]
  const rows = await Promise.all(
    places.map(async ([worker, className, name]) => {
      const storage = await system.storage(worker, className, { name })
      const tables = await storage.exec("SELECT name FROM sqlite_schema WHERE type = 'table'")
      const names = tables
        .map((table) => String(Object(table).name))
        .filter((table) => !table.startsWith('_'))
      return await Promise.all(names.map((table) => storage.exec(`SELECT * FROM ${table}`)))
    }),
  )
  return JSON.stringify(rows)
}

describe('payment tokens', () => {
  let system: System
  let shop: ReturnType<typeof openShop>

  beforeAll(async () => {
    system = await startSystem()
    shop = openShop(system)
    await shop.stock('P001', 100)
  })

  afterAll(() => system.close())

  const event = (orderId: string, token: string) => ({
    ...{ specversion: '1.0', id: `${orderId}/OrderPlaced`, source: '/web', type: 'OrderPlaced' },
    ...{ schemaversion: 2, subject: orderId, time: '2026-11-23T12:00:00.000Z' },
    data: {
      orderId,
      items: [{ productId: 'P001', quantity: 1, unitPrice: 50, amount: 50 }],
      ...{ totalAmount: 50, currency: 'USD', payment: { token } },
    },
  })

  it('are in no row once they were used, and the same event is still the same order', async () => {
    const tokens = ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_sim_captureErrorTwice', 'pm_marked_8f3a']
    const placed = await Promise.all(
      tokens.map((token) => shop.place([{ productId: 'P001', quantity: 1 }], token)),
    )
    const published = tokens.map((_, nth) => `web-${nth}`)
    const sent = tokens.map((token, nth) => event(`web-${nth}`, token))
    expect((await shop.post('/events', sent)).status).toBe(202)
    for (const orderId of [...placed, ...published]) await shop.settled(orderId)
    const everything = await everythingIn(system)
    expect(tokens.filter((token) => everything.includes(token))).toEqual([])
    expect((await shop.post('/events', sent)).status).toBe(202)
    const other = await shop.problem(shop.post('/events', event('web-0', 'pm_sim_slow')))
    expect(other).toMatchObject({ code: 'order_id_taken' })
  })
})
