import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partitionIndex } from '../../src/kernel/partitions.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem(under('2'))
  shop = openShop(system)
  await Promise.all([shop.stock('P001', 1_000), shop.stock('P002', 1_000)])
})

afterAll(() => system.close())

const under = (list: string) => ({
  order: { vars: { ORDER_PARTITIONS: list } },
  payment: { vars: { ORDER_PARTITIONS: list } },
})

const restartWith = (list: string) => system.restart(under(list))

const KEY = { 'idempotency-key': 'before-the-change' }
const items = [{ productId: 'P001', quantity: 1 }]
const place = (headers: Record<string, string> = {}) => shop.post('/orders', { items }, headers)

/** An id of another system that a list of four leads to a partition which a list of two has not. */
const EXTERNAL =
  Array.from({ length: 99 }, (_, index) => `web-${index}`).find((id) => partitionIndex(id, 4) > 1) ?? ''
const event = { eventType: 'OrderPlaced', orderId: EXTERNAL, items, totalAmount: 50 }
const publish = () => shop.post('/events', { ...event, timestamp: '2026-11-23T12:00:00Z' })

const problemsOf = async () => {
  const { status, body } = await shop.call('/readyz')
  const problems = Object.entries<{ problems: string[] }>(body.workers).map(
    ([worker, { problems }]) => [worker, problems] as const,
  )
  return { status, ...Object.fromEntries(problems.filter(([, each]) => each.length > 0)) }
}

/** Partitions of every kind that have anything stored. */
const partitions = async () => {
  const ids = await Promise.all([
    system.durableObjectIds('order', 'OrderObject'),
    system.durableObjectIds('payment', 'PaymentObject'),
    system.durableObjectIds('payment', 'SimulatedBankObject'),
    system.durableObjectIds('inventory', 'StockObject'),
  ])
  return ids.map((each) => each.length)
}

const refused = (detail: string) => ({
  status: 503,
  body: { code: 'misconfigured', detail },
})

describe('a list of order partitions that does not begin with the one that placed the orders', () => {
  const reason =
    'ORDER_PARTITIONS is 4, but this system was started with 2, which decides where each order lies. ' +
    'Set it back to 2, or to 2,4 to have more.'
  let placed: Awaited<ReturnType<typeof place>>
  let unsettled: string

  it('is refused by name: nothing is placed, and nothing is taken for missing', async () => {
    placed = await place(KEY)
    expect(await publish()).toMatchObject({ status: 202 })
    await Promise.all([placed.body.orderId, EXTERNAL].map(shop.settled))
    unsettled = await shop.place(items)
    await restartWith('4')
    expect(await problemsOf()).toEqual({ status: 503, order: [reason], payment: [reason] })
    const answers = await Promise.all([
      place(),
      place(KEY),
      publish(),
      shop.post(`/orders/${EXTERNAL}/cancel`),
      shop.post(`/orders/${unsettled}/cancel`),
      shop.call(`/orders/${EXTERNAL}`),
      shop.call(`/orders/${unsettled}`),
      shop.call(`/orders/${EXTERNAL}/events`),
      shop.call(`/payments/${EXTERNAL}`),
      shop.post(`/payments/${EXTERNAL}/refunds`),
      shop.call(`/simulator/payments/${EXTERNAL}`),
    ])
    for (const answer of answers) expect(answer).toMatchObject(refused(reason))
    expect(Math.max(...(await partitions()))).toBe(2)
  })

  it('lets an event wait on its inbox, and gives no order up that lies elsewhere', async () => {
    const stranger = { orderId: EXTERNAL, lines: [] }
    const cause = { source: '/inventory', type: 'StockReleased', schemaversion: 1, subject: EXTERNAL }
    const id = `${EXTERNAL}/StockReleased`
    const at = { time: '2026-11-23T12:00:00.000Z', correlationid: EXTERNAL, revision: 9, hops: 1 }
    await system.send('order-inbox', [{ specversion: '1.0', id, ...cause, ...at, data: stranger }])
    await eventually(
      async () => system.logs().filter((line) => line.includes('event to be retried')),
      (lines) => lines.some((line) => line.includes(reason)),
    )
    expect(system.logs().filter((line) => line.includes('never placed'))).toEqual([])
  })

  it('is forgotten once it is set back: all orders settle, each charged once', async () => {
    await restartWith('2')
    expect(await problemsOf()).toEqual({ status: 200 })
    expect(await place(KEY)).toMatchObject({ status: 202, body: { orderId: placed.body.orderId } })
    expect(await publish()).toMatchObject({ status: 202 })
    for (const orderId of [placed.body.orderId, EXTERNAL, unsettled]) {
      expect(await shop.settled(orderId)).toMatchObject({ status: 'confirmed' })
      expect(await shop.bank(orderId)).toMatchObject({ done: ['authorize', 'capture'], captured: 50 })
    }
    expect(await shop.level('P001')).toEqual({ onHand: 997, reserved: 0 })
  })

  it('may be one that grows: old orders stay where they are, and keys lead to them', async () => {
    await restartWith('2,4')
    expect(await problemsOf()).toEqual({ status: 200 })
    expect(await place(KEY)).toMatchObject({ status: 202, body: { orderId: placed.body.orderId } })
    expect(await publish()).toMatchObject({ status: 202 })
    for (const orderId of [placed.body.orderId, EXTERNAL, unsettled]) {
      expect(await shop.read(orderId)).toMatchObject({ status: 'confirmed' })
    }
    const fresh = await Promise.all(Array.from({ length: 8 }, () => shop.place(items)))
    for (const orderId of fresh) expect(await shop.settled(orderId)).toMatchObject({ status: 'confirmed' })
  })

  it('is also the one from before it grew', async () => {
    await restartWith('2')
    const shrunk =
      'ORDER_PARTITIONS is 2, but this system was started with 2,4, which decides where each order lies. ' +
      'Set it back to 2,4.'
    expect(await problemsOf()).toEqual({ status: 503, order: [shrunk], payment: [shrunk] })
    expect(await place()).toMatchObject(refused(shrunk))
    // Under the shorter list there is no such partition: that is no reason to say that there is no such order.
    expect(await shop.call(`/orders/ord_3_${'0'.repeat(26)}`)).toMatchObject(refused(shrunk))
  })

  it('is not needed: where none is set, the system keeps to the one that it remembers', async () => {
    await restartWith('')
    expect(await problemsOf()).toEqual({ status: 200 })
    expect(await place(KEY)).toMatchObject({ status: 202, body: { orderId: placed.body.orderId } })
    for (const orderId of [placed.body.orderId, EXTERNAL, unsettled]) {
      expect(await shop.read(orderId)).toMatchObject({ status: 'confirmed' })
    }
  })
})

describe('another count of stock partitions', () => {
  it('is refused by name, also where it leads to a partition that never ran', async () => {
    const list = { vars: { ORDER_PARTITIONS: '2,4' } }
    const moved = Array.from({ length: 99 }, (_, index) => `M${index}`).filter(
      (id) => partitionIndex(id, 4) > 1,
    )
    const reason =
      'STOCK_PARTITIONS is 4, but this system was started with 2, which decides where each product lies. ' +
      'Set it back to 2.'
    const before = await partitions()
    await system.restart({ order: list, payment: list, inventory: { vars: { STOCK_PARTITIONS: '4' } } })
    expect(await problemsOf()).toEqual({ status: 503, inventory: [reason] })
    for (const id of [moved[0] ?? '', 'P001', 'P002']) {
      const product = { name: 'Moved', unitPrice: 1, currency: 'USD' }
      const answer = await shop.call(`/products/${id}`, { method: 'PUT', body: product })
      expect(answer).toMatchObject(refused(reason))
    }
    expect(await shop.call('/inventory')).toMatchObject(refused(reason))
    expect(await partitions()).toEqual(before)
    await system.restart({ order: list, payment: list })
    expect(await problemsOf()).toEqual({ status: 200 })
  })
})

describe('another currency for events that name none', () => {
  it('may be set: an event from before is the same order again', async () => {
    const vars = { DEFAULT_CURRENCY: 'EUR' }
    const list = { vars: { ORDER_PARTITIONS: '2,4', ...vars } }
    await system.restart({ order: list, payment: list, inventory: { vars }, operations: { vars } })
    expect(await problemsOf()).toEqual({ status: 200 })
    expect(await publish()).toMatchObject({ status: 202, body: { accepted: [EXTERNAL] } })
    expect(await shop.read(EXTERNAL)).toMatchObject({ status: 'confirmed', currency: 'USD' })
    expect(await shop.bank(EXTERNAL)).toMatchObject({ done: ['authorize', 'capture'], captured: 50 })
  })
})

describe('a setting that is not the same in two Workers', () => {
  it('is named: the list of order partitions', async () => {
    const list = { vars: { ORDER_PARTITIONS: '2,4' } }
    await system.restart({ order: list, payment: { vars: { ORDER_PARTITIONS: '2,4,8' } } })
    expect(await problemsOf()).toEqual({
      status: 503,
      payment: [
        'ORDER_PARTITIONS is 2,4,8 here and 2,4 at the order Worker, but a payment lies in the partition of its ' +
          'order. Set the same in wrangler.toml and workers/payment/wrangler.toml.',
      ],
    })
  })

  it.each(['inventory', 'payment', 'operations'] as const)('is named: the currency of %s', async (worker) => {
    const list = { ORDER_PARTITIONS: '2,4,8' }
    const settings = {
      order: { vars: list },
      payment: { vars: list },
      ...{ [worker]: { vars: { ...(worker === 'payment' && list), DEFAULT_CURRENCY: 'EUR' } } },
    }
    await system.restart(settings)
    expect(await problemsOf()).toEqual({
      status: 503,
      [worker]: [
        'DEFAULT_CURRENCY is EUR here and USD at the order Worker, but an event without a currency is to mean the ' +
          'same everywhere. Set the same in all four wrangler.toml files.',
      ],
    })
  })
})
