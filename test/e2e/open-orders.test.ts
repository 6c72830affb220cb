import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { inParallel } from '../support/parallel.ts'
import { openShop } from '../support/shop.ts'

/** The default bound is 20. Each of the two partitions takes its share of it, 14, so 28 at most may be open. */
const BOUND = 20
/** The default is 5; each partition's share is 4. */
const FAILURES_IN_ALL = 8

type Shop = ReturnType<typeof openShop>

let system: System
let operator: Shop
let shop: Shop

beforeAll(async () => {
  system = await startSystem()
  operator = openShop(system)
  shop = await openShopOf(system, 'shop', ['orders:read', 'orders:write', 'events:write'])
  await operator.stock('P001', 1_000)
  await operator.stock('P002', 100_000)
})

afterAll(() => system.close())

const orderOf = (customerId: string, quantity: number, productId = 'P002') => ({
  items: [{ productId, quantity }],
  customerId,
  payment: { token: 'pm_sim_slow' },
})

const statusesOf = (answers: readonly { status: number; body: { code?: string } }[]) => {
  const codes = answers.map(({ status, body }) => (status === 202 ? 'placed' : String(body.code)))
  return { placed: codes.filter((code) => code === 'placed').length, codes: new Set(codes) }
}

const placeMany = (by: Shop, count: number, customerId: string) =>
  Promise.all(Array.from({ length: count }, () => by.post('/orders', orderOf(customerId, 1))))

describe('a customer with many orders open', () => {
  it('is refused beyond the limit, with the time to try again', async () => {
    const answers = await placeMany(shop, 60, 'hoarder')
    const { placed, codes } = statusesOf(answers)
    expect(codes).toEqual(new Set(['placed', 'too_many_open_orders']))
    expect(placed).toBeGreaterThanOrEqual(BOUND)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('10')
  })

  it('has no bound with the bootstrap key', async () => {
    expect(statusesOf(await placeMany(operator, 60, 'hoarder'))).toEqual({
      placed: 60,
      codes: new Set(['placed']),
    })
  })

  it('has no bound where the orders come as events', async () => {
    const events = Array.from({ length: 60 }, (_, nth) => ({
      ...{
        specversion: '1.0',
        id: `e-${nth}`,
        source: '/marketplace',
        type: 'OrderPlaced',
        schemaversion: 2,
      },
      ...{ subject: `sold-${nth}`, time: new Date().toISOString(), revision: 1 },
      data: { orderId: `sold-${nth}`, ...orderOf('marketplace', 1), totalAmount: 50, currency: 'USD' },
    }))
    const { status, body } = await shop.post('/events', events, {
      'content-type': 'application/cloudevents-batch+json',
    })
    expect([status, body]).toMatchObject([202, { accepted: expect.any(Array) }])
  })

  it('gets the first answer again under the same key, whatever is open', async () => {
    const key = { 'idempotency-key': 'replayed' }
    const first = await shop.post('/orders', orderOf('careful', 1), key)
    expect(first.status).toBe(202)
    await placeMany(shop, 60, 'careful')
    const again = await shop.post('/orders', orderOf('careful', 1), key)
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      202,
      first.body,
      'true',
    ])
  })
})

describe('a client whose key has bounds', () => {
  it('is refused beyond them, and sees them in the list of keys', async () => {
    const bounds = { openOrders: 10, openUnits: 1_000 }
    const made = await operator.post('/keys', { client: 'small', scopes: ['orders:write'], bounds })
    expect([made.status, made.body.bounds]).toEqual([201, bounds])
    const small = openShop(system, made.body.key)
    const placed = await Promise.all(
      Array.from({ length: 60 }, (_, nth) => small.post('/orders', orderOf(`customer-${nth}`, 1))),
    )
    expect(statusesOf(placed).codes).toEqual(new Set(['placed', 'too_many_open_orders']))
    const { body } = await operator.call('/keys')
    expect(body.items.find(({ id }: { id: string }) => id === made.body.id).bounds).toEqual(bounds)
  })

  it('has them refused where they are none', async () => {
    for (const bounds of [
      { openOrders: 0, openUnits: 1 },
      { openOrders: 1 },
      { openOrders: 1, openUnits: 1, more: 1 },
    ]) {
      const answer = await operator.post('/keys', { client: 'small', scopes: ['orders:write'], bounds })
      expect(answer.status).toBe(422)
    }
  })
})

describe('an attacker who holds the stock with orders that are cancelled in time', () => {
  it('is stopped after a few of them, and others buy', async () => {
    const attack = async (): Promise<{ cancelled: number; retryAfter: string | null }> => {
      for (let cancelled = 0; cancelled < 30; cancelled += 1) {
        const placed = await shop.post('/orders', orderOf('attacker', 100, 'P001'))
        if (placed.body.code === 'too_many_open_orders') {
          return { cancelled, retryAfter: placed.headers.get('retry-after') }
        }
        expect(placed.status).toBe(202)
        expect((await shop.post(`/orders/${placed.body.orderId}/cancel`)).status).toBe(202)
      }
      return { cancelled: 30, retryAfter: null }
    }
    const { cancelled, retryAfter } = await attack()
    expect(cancelled).toBeLessThanOrEqual(FAILURES_IN_ALL)
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1)
    const honest = await shop.post('/orders', {
      ...{ items: [{ productId: 'P001', quantity: 1 }], customerId: 'honest' },
      payment: { token: 'pm_card_visa' },
    })
    expect(honest.status).toBe(202)
    expect((await shop.settled(honest.body.orderId)).status).toBe('confirmed')
  })
})

describe('a flash sale', () => {
  /** As many as a busy machine can do. A partition is tried with 2 000 in test/unit/order/open-orders.test.ts. */
  const BUYERS = 400

  it('passes: many orders by one key, each of another customer', async () => {
    const refused: unknown[] = []
    const buyers = Array.from({ length: BUYERS }, (_, nth) => `buyer-${nth}`)
    await inParallel(buyers, 50, async (customerId) => {
      const items = [{ productId: 'P002', quantity: 1 }]
      const { status, body } = await shop.post('/orders', { items, customerId })
      if (status !== 202) refused.push(body)
    })
    expect(refused).toEqual([])
  })
})
