import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const NONE = { secrets: { STORAGE_KEY: '' } }

const CONFIGS = {
  order: 'wrangler.toml',
  payment: 'workers/payment/wrangler.toml',
  operations: 'workers/operations/wrangler.toml',
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
        warnings: [expect.stringContaining(`wrangler secret put STORAGE_KEY -c ${config}\``)],
      },
    ])
    expect(body.workers).toEqual({ ...Object.fromEntries(warned), inventory: { ready: true, problems: [] } })
  })

  it('takes orders and settles them', async () => {
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    expect(await shop.settled(orderId)).toMatchObject({ status: 'confirmed' })
  })
})
