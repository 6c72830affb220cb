import { createHmac, hkdfSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const NONE = { secrets: { STORAGE_KEY: '' } }

const CONFIGS = {
  order: 'wrangler.toml',
  payment: 'workers/payment/wrangler.toml',
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
    system = await startSystem({ order: NONE, payment: NONE, operations: NONE })
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
    expect(body.workers).toEqual({ ...Object.fromEntries(warned), inventory: { ready: true, problems: [] } })
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
