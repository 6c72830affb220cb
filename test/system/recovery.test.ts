import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await Promise.all([shop.stock('P001', 1_000), shop.stock('P002', 1_000)])
})

afterAll(() => system.close())

describe('after a crash that also loses every message', () => {
  it('G1: accepted orders settle without another request, each charged once, with the stock in balance', async () => {
    const items = ['P001', 'P002'].map((productId) => ({ productId, quantity: 1 }))
    const ids = await Promise.all(Array.from({ length: 30 }, () => shop.place(items)))
    await system.restart()
    const orders = await Promise.all(ids.map(shop.settled))
    expect(orders.map((order) => order.status)).toEqual(ids.map(() => 'confirmed'))
    expect(await shop.level('P001')).toEqual({ onHand: 970, reserved: 0 })
    const books = await Promise.all(ids.map(shop.bank))
    expect(books).toEqual(ids.map(() => ({ ...onceCharged(100) })))
  })
})

type Movement = { orderId?: string; kind: string; quantity: number }

const onceCharged = (captured: number) => ({
  ...{ done: ['authorize', 'capture'], held: 0, captured, refunded: 0 },
})

describe('an event from elsewhere', () => {
  const version1 = (orderId: string) => ({
    eventType: 'OrderPlaced',
    orderId,
    items: [
      { productId: 'P001', quantity: 2 },
      { productId: 'P002', quantity: 1 },
    ],
    totalAmount: 150.0,
    timestamp: '2023-10-05T12:00:00Z',
  })

  it('of version 1 is upcast and handled: stock is reserved, and released since the order was never placed', async () => {
    const before = await shop.level('P001')
    await system.send('inventory-inbox', version1('12345'))
    const ledger = async (): Promise<Movement[]> => (await shop.call('/inventory/P001/movements')).body.items
    const ofOrder = (items: Movement[]) => items.filter((item) => item.orderId === '12345')
    const moved = await eventually(ledger, (items) => ofOrder(items).length === 2)
    expect(ofOrder(moved)).toMatchObject([
      { kind: 'release', quantity: 2 },
      { kind: 'reservation', quantity: 2 },
    ])
    expect(await shop.level('P001')).toEqual(before)
    expect((await shop.call('/orders/12345')).status).toBe(404)
  })

  it('of version 1 is upcast and handled: money is authorized, and voided since the order was never placed', async () => {
    await system.send('payment-inbox', [version1('12346')])
    const books = await eventually(
      () => shop.bank('12346'),
      ({ done }) => done.includes('void'),
    )
    expect(books).toEqual({ done: ['authorize', 'void'], held: 0, captured: 0, refunded: 0 })
  })

  it('G6: an event that cannot be read holds up no other', async () => {
    const poison = {
      specversion: '1.0',
      id: 'x',
      source: '/x',
      type: 'Unheard',
      schemaversion: 1,
      subject: 'x',
    }
    const time = '2026-11-23T12:00:00.000Z'
    await system.send('inventory-inbox', [{ ...poison, time, data: {} }])
    await system.send('payment-inbox', 'not even an object')
    const order = await shop.settled(await shop.place([{ productId: 'P002', quantity: 1 }]))
    expect(order.status).toBe('confirmed')
  })
})

describe('a repeated event', () => {
  it('G2: an event changes nothing where it comes a second time', async () => {
    const orderId = await shop.place([{ productId: 'P002', quantity: 3 }])
    const settled = await shop.settled(orderId)
    const level = await shop.level('P002')
    const { body } = await shop.call(`/orders/${orderId}/events`)
    for (const event of body.events.toReversed()) {
      const source: string = event.source
      if (source === '/order' && event.type !== 'OrderSettled') {
        await system.send('inventory-inbox', [event, event])
        await system.send('payment-inbox', [event, event])
      } else if (source !== '/order') await system.send('order-inbox', [event, event])
    }
    const other = await shop.settled(await shop.place([{ productId: 'P001', quantity: 1 }]))
    expect(other.status).toBe('confirmed')
    expect(await shop.read(orderId)).toEqual(settled)
    expect(await shop.level('P002')).toEqual(level)
    expect(await shop.bank(orderId)).toEqual(onceCharged(150))
  })
})

describe('an order without reports in time', () => {
  it('G5: an order is given up at its deadline, and what comes later is released', async () => {
    await system.restart({ order: { vars: { ORDER_DEADLINE_SECONDS: '1' } } })
    const before = await shop.level('P001')
    const order = await shop.settled(await shop.place([{ productId: 'P001', quantity: 1 }], 'pm_sim_slow'))
    expect(order).toMatchObject({ status: 'rejected', reason: { code: 'deadline_exceeded' } })
    expect(await shop.level('P001')).toEqual(before)
    expect(await shop.bank(order.orderId)).toMatchObject({ held: 0, captured: 0 })
  })
})

describe('a catalogue that cannot be read', () => {
  it('is refused as a passing fault, and leaves the key free', async () => {
    const { ORDERS_DB } = await system.env('order')
    await ORDERS_DB.exec('ALTER TABLE catalogue RENAME TO catalogue_away')
    const headers = { 'idempotency-key': 'away' }
    const ask = () => shop.post('/orders', { items: [{ productId: 'P002', quantity: 1 }] }, headers)
    await eventually(
      () => shop.problem(ask()),
      ({ status, code }) => status === 503 && code === 'unavailable',
    )
    await ORDERS_DB.exec('ALTER TABLE catalogue_away RENAME TO catalogue')
    expect((await ask()).status).toBe(202)
  })
})
