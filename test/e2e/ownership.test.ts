import { beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

type Shop = ReturnType<typeof openShop>

let system: SharedSystem
let operator: Shop
let owner: Shop
let stranger: Shop
let orderId: string

const EVERYTHING_OF_ONES_OWN = [
  'orders:read',
  'orders:write',
  'inventory:read',
  'payments:read',
  'payments:write',
] as const

beforeAll(async () => {
  system = await sharedSystem()
  operator = openShop(system)
  await operator.stock('P001', 1_000)
  owner = await openShopOf(system, 'owner', EVERYTHING_OF_ONES_OWN)
  stranger = await openShopOf(system, 'stranger', EVERYTHING_OF_ONES_OWN)
  orderId = await owner.place([{ productId: 'P001', quantity: 2 }])
  await owner.settled(orderId)
})

/** Each way to an order, and what it answers to whom it belongs. */
const WAYS: [method: string, path: string, code: string, status: number][] = [
  ['GET', '/orders/ORDER', 'order_not_found', 200],
  ['GET', '/orders/ORDER/events', 'order_not_found', 200],
  ['GET', '/orders/ORDER/story', 'order_not_found', 200],
  ['GET', '/payments/ORDER', 'payment_not_found', 200],
  ['POST', '/payments/ORDER/refunds', 'payment_not_found', 202],
  ['POST', '/orders/ORDER/cancel', 'order_not_found', 202],
]

describe("another client's order", () => {
  it.each(WAYS)('G9: another client’s order is not there: %s %s', async (method, path, code) => {
    const refused = stranger.problem(stranger.call(path.replace('ORDER', orderId), { method }))
    expect(await refused).toMatchObject({ status: 404, code })
  })

  it.each([['/orders'], ['/payments']])('G9: an order is in no list of another client: %s', async (path) => {
    const ids = async (shop: Shop) =>
      (await shop.call(path)).body.items.map((item: { orderId: string }) => item.orderId)
    await eventually(
      () => ids(owner),
      (listed) => listed.includes(orderId),
    )
    expect(await ids(stranger)).toEqual([])
    expect(await ids(operator)).toContain(orderId)
  })

  it('was not touched by all of that', async () => {
    expect(await owner.read(orderId)).toMatchObject({
      status: 'confirmed',
      payment: { capturedAmount: 100, refundedAmount: 0 },
    })
  })

  it.each(WAYS)(
    'is there for operations and for whom it belongs to: %s %s',
    async (method, path, _, status) => {
      const own = await owner.place([{ productId: 'P001', quantity: 1 }])
      await owner.settled(own)
      const address = path.replace('ORDER', own)
      if (method === 'GET') expect((await owner.call(address)).status).toBe(status)
      expect((await operator.call(address, { method })).status).toBe(status)
    },
  )
})

describe('the simulated books', () => {
  it('of another client’s order are those of an order that was never placed', async () => {
    const books = (id: string) => stranger.call(`/simulator/payments/${id}`)
    const nobodys = await books('ord_0_01m844dzg00000000000000000')
    const others = await books(orderId)
    expect([others.status, others.body]).toEqual([nobodys.status, nobodys.body])
    expect(others).toMatchObject({ status: 200, body: { operations: [], capturedAmount: 0 } })
  })

  it('are there for operations and for whom it belongs to', async () => {
    for (const shop of [owner, operator]) {
      const { status, body } = await shop.call(`/simulator/payments/${orderId}`)
      expect({ status, captured: body.capturedAmount }).toEqual({ status: 200, captured: 100 })
    }
  })
})

describe('an idempotency key', () => {
  // Several, because a key decides on the partition: two clients' orders may lie apart by chance.
  it.each(['a', 'b', 'c', 'd', 'e', 'f'])('is one for each client: %s', async (key) => {
    const place = (shop: Shop) =>
      shop.post('/orders', { items: [{ productId: 'P001', quantity: 1 }] }, { 'idempotency-key': key })
    const [first, second, again] = [await place(owner), await place(stranger), await place(owner)]
    expect(first.body.orderId).not.toBe(second.body.orderId)
    expect(second.headers.get('idempotency-replayed')).toBeNull()
    expect(again.body.orderId).toBe(first.body.orderId)
  })
})
