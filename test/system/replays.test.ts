import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { startReceiver } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

const EVERY_EVENT = { vars: { EVENT_LOG_SHARE: '1' } }

let system: System
let shop: ReturnType<typeof openShop>
let receiver: Awaited<ReturnType<typeof startReceiver>>
let orderIds: string[]
let since: string

/** Orders with every end: confirmed, refunded in part, cancelled after it was paid, declined, out of stock. */
beforeAll(async () => {
  system = await startSystem({
    ...{ order: EVERY_EVENT, inventory: EVERY_EVENT },
    ...{ payment: EVERY_EVENT, operations: EVERY_EVENT },
  })
  shop = openShop(system)
  receiver = await startReceiver()
  await shop.stock('P001', 20)
  const types = ['OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderSettled', 'PaymentRefunded']
  await shop.post('/webhooks', { url: receiver.url('/hook'), types })
  const place = (quantity: number, token?: string) => shop.place([{ productId: 'P001', quantity }], token)
  orderIds = [await place(1), await place(2), await place(3), await place(1, 'pm_card_chargeDeclined')]
  orderIds.push(await place(99))
  const [first = '', refunded = '', cancelled = ''] = orderIds
  since = (await shop.read(first)).placedAt
  await Promise.all(orderIds.map((orderId) => shop.settled(orderId)))
  await shop.post(`/payments/${refunded}/refunds`, { amount: 10 })
  await shop.post(`/orders/${cancelled}/cancel`)
  await shop.settled(cancelled)
  await eventually(
    () => shop.call(`/payments/${refunded}`),
    ({ body }) => body.refundedAmount === 10,
  )
  await eventually(listed, (ids) => orderIds.every((orderId) => ids.includes(orderId)))
  // The last deliveries and lists come some seconds later.
  await eventually(snapshot, isStable())
})

afterAll(async () => {
  await system.close()
  await receiver.close()
})

const listed = async (): Promise<string[]> =>
  (await shop.call(`/orders?settled=true&limit=100`)).body.items.map(
    ({ orderId }: { orderId: string }) => orderId,
  )

/** The value has been the same five times in succession. */
const isStable = () => {
  let [last, times] = ['', 0]
  return (value: unknown): boolean => {
    const text = JSON.stringify(value)
    times = text === last ? times + 1 : 0
    last = text
    return times === 5
  }
}

/** All that the orders have had an effect on, by the API and by the tables of the lists. */
const snapshot = async () => {
  const bodies = async (path: (orderId: string) => string) =>
    await Promise.all(orderIds.map(async (orderId) => (await shop.call(path(orderId))).body))
  const { LISTS_DB } = await system.env('order')
  const { INVENTORY_DB } = await system.env('inventory')
  const { PAYMENTS_DB } = await system.env('payment')
  const isOld = `order_id IN (${orderIds.map((orderId) => `'${orderId}'`).join()})`
  const rows = async (database: D1Database, table: string) =>
    (await database.prepare(`SELECT * FROM ${table} WHERE ${isOld} ORDER BY 1, 2, 3`).all()).results
  return {
    orders: await bodies((orderId) => `/orders/${orderId}`),
    events: await bodies((orderId) => `/orders/${orderId}/events`),
    payments: await bodies((orderId) => `/payments/${orderId}`),
    bank: await bodies((orderId) => `/simulator/payments/${orderId}`),
    listed: await rows(LISTS_DB, 'orders'),
    movements: await rows(INVENTORY_DB, 'movements'),
    paid: await rows(PAYMENTS_DB, 'payments'),
    deliveries: (await bodies((orderId) => `/orders/${orderId}/story`)).map(({ deliveries }) => deliveries),
    received: receiver.at('/hook').filter(({ body }) => orderIds.includes(JSON.parse(body).subject)).length,
    letters: (await shop.call('/dead-letters?status=open')).body.items,
  }
}

const handled = (service: string): number =>
  system
    .logs()
    .filter((line) => line.includes('"event handled"') && line.includes(`"service":"${service}"`))
    .filter((line) => orderIds.some((orderId) => line.includes(orderId))).length

const replay = (body: object, key?: string) =>
  shop.post('/replays', body, key === undefined ? undefined : { 'idempotency-key': key })

describe('POST /replays', () => {
  it.each([
    ['inventory', 11],
    ['payment', 11],
    ['order', 20],
    ['operations', 11],
  ])('G2: sends %s the events of settled orders once more, and nothing changes', async (to, most) => {
    const before = await snapshot()
    expect(before.received).toBeGreaterThanOrEqual(11)
    const level = await shop.level('P001')
    const beforehand = handled(to)
    const sent = await replay({ to, orderIds, reason: 'a drill' })
    expect([sent.status, sent.body]).toEqual([
      200,
      { to, dryRun: false, orders: 5, events: expect.any(Number), heldBack: 0, notFound: [] },
    ])
    expect(sent.body.events).toBeGreaterThanOrEqual(5)
    expect(sent.body.events).toBeLessThanOrEqual(most + 5)
    await eventually(
      () => handled(to),
      (count) => count >= beforehand + sent.body.events,
    )
    const later = await shop.place([{ productId: 'P001', quantity: 1 }])
    await shop.settled(later)
    expect(await snapshot()).toEqual(before)
    expect((await shop.level('P001')).onHand).toBe(level.onHand - 1)
  })

  it('counts the orders of a time in portions, without sending anything', async () => {
    const dry = { to: 'payment', types: ['OrderPlaced'], placedAfter: since, limit: 2, dryRun: true }
    const portions: number[] = []
    let cursor: string | undefined
    do {
      const { status, body } = await replay({ ...dry, ...(cursor !== undefined && { cursor }) })
      expect([status, body.orders, body.dryRun]).toEqual([200, body.events, true])
      portions.push(body.orders)
      cursor = body.nextCursor
    } while (cursor !== undefined)
    expect(portions.slice(0, 2)).toEqual([2, 2])
    expect(portions.reduce((sum, orders) => sum + orders, 0)).toBeGreaterThanOrEqual(5)
  })

  it('sends once for an idempotency key, and names orders that there are not', async () => {
    const [known = ''] = orderIds
    const none = `ord_0_${'0'.repeat(26)}`
    const body = { to: 'inventory', orderIds: [known, none] }
    const first = await replay(body, 'once')
    expect(first.body).toMatchObject({ orders: 1, events: 2, notFound: [none] })
    const again = await replay(body, 'once')
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body])
  })

  it('is in the audit log', async () => {
    const logged = async () => (await shop.call('/audit-log?kind=replay&limit=100')).body.items
    const entries = await eventually(logged, (items) => items.length >= 5)
    const drill = entries.filter(({ reason }: { reason?: string }) => reason === 'a drill')
    expect(drill.map(({ after }: { after: { to: string } }) => after.to).toSorted()).toEqual([
      'inventory',
      'operations',
      'order',
      'payment',
    ])
  })

  it.each([
    [{ to: 'payment' }, '/placedAfter'],
    [{ to: 'webhooks', orderIds: ['a'] }, '/to'],
    [{ to: 'payment', orderIds: ['a'], placedAfter: '2026-11-23T14:00:00Z' }, '/orderIds'],
    [{ to: 'payment', orderIds: ['a'], types: ['StockReserved'] }, '/types/0'],
  ])('refuses %j, and names the fault', async (body, path) => {
    expect(await shop.problem(replay(body))).toEqual({
      status: 422,
      code: 'validation_failed',
      paths: [path],
    })
  })

  it('is for operators alone', async () => {
    const { body } = await shop.post('/keys', { client: 'web', scopes: ['orders:write'] })
    const refused = openShop(system, body.key).post('/replays', { to: 'payment', orderIds })
    expect((await refused).status).toBe(403)
  })
})
