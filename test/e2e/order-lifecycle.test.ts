import { beforeAll, describe, expect, it } from 'vitest'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: SharedSystem
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await sharedSystem()
  shop = openShop(system)
  await Promise.all([shop.stock('P001', 1_000), shop.stock('P002', 1_000), shop.stock('P003', 3, 10)])
})

describe('an order that can be had and paid', () => {
  it('is accepted, confirmed and settled: stock taken, money captured once', async () => {
    const before = await shop.level('P001')
    const accepted = await shop.post('/orders', {
      items: [
        { productId: 'P001', quantity: 2 },
        { productId: 'P002', quantity: 1 },
      ],
      totalAmount: 150.0,
      currency: 'USD',
      customerId: 'cust_1',
      reference: 'web-1001',
      payment: { token: 'pm_card_visa' },
      metadata: { channel: 'web' },
    })
    expect(accepted).toMatchObject({ status: 202, body: { status: 'pending', version: 1, totalAmount: 150 } })
    expect(accepted.headers.get('location')).toBe(`/orders/${accepted.body.orderId}`)
    const order = await shop.settled(accepted.body.orderId)
    expect(order).toMatchObject({
      status: 'confirmed',
      inventory: { status: 'committed' },
      payment: { status: 'captured', capturedAmount: 150, refundedAmount: 0 },
      customerId: 'cust_1',
      reference: 'web-1001',
      metadata: { channel: 'web' },
    })
    expect(await shop.level('P001')).toEqual({ onHand: before.onHand - 2, reserved: 0 })
    expect(await shop.bank(order.orderId)).toEqual({
      ...{ done: ['authorize', 'capture'], held: 0, captured: 150, refunded: 0 },
    })
  })

  it('is answered with its decision to who prefers to wait, again and again under one key', async () => {
    const items = [{ productId: 'P001', quantity: 1 }]
    const headers = { prefer: 'wait=10', 'idempotency-key': 'waits' }
    const first = await shop.post('/orders', { items }, headers)
    expect(first).toMatchObject({ status: 200, body: { status: 'confirmed' } })
    expect(first.headers.get('preference-applied')).toBe('wait=10')
    const second = await shop.post('/orders', { items }, headers)
    expect(second).toMatchObject({ status: 200, body: { orderId: first.body.orderId, status: 'confirmed' } })
    const withoutWaiting = await shop.post('/orders', { items }, { 'idempotency-key': 'waits' })
    expect(withoutWaiting).toMatchObject({ status: 202, body: { status: 'pending', version: 1 } })
  })

  it('is answered with 202 when the decision takes longer than is waited for', async () => {
    const body = { items: [{ productId: 'P001', quantity: 1 }], payment: { token: 'pm_sim_slow' } }
    const answer = await shop.post('/orders', body, { prefer: 'wait=1' })
    expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } })
    expect(answer.headers.get('preference-applied')).toBeNull()
    await shop.settled(answer.body.orderId)
  })

  it('tells its events in the order they took effect, without the payment token', async () => {
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    await shop.settled(orderId)
    const { body } = await shop.call(`/orders/${orderId}/events`)
    const types: string[] = body.events.map((event: { type: string }) => event.type)
    expect(types.at(0)).toBe('OrderPlaced')
    expect(types.slice(1, 3).toSorted()).toEqual(['PaymentAuthorized', 'StockReserved'])
    expect(types.at(3)).toBe('OrderConfirmed')
    expect(types.slice(4, 6).toSorted()).toEqual(['PaymentCaptured', 'StockCommitted'])
    expect(types.slice(6)).toEqual(['OrderSettled'])
    expect(JSON.stringify(body)).not.toContain('pm_card_visa')
  })

  it('answers 304 to who knows its version, and shows up in the lists', async () => {
    const orderId = await shop.place([{ productId: 'P002', quantity: 1 }])
    const order = await shop.settled(orderId)
    const known = await shop.call(`/orders/${orderId}`, {
      headers: { 'if-none-match': `"${order.version}"` },
    })
    expect(known.status).toBe(304)
    await expect.poll(async () => listedOrder(orderId), { timeout: 15_000 }).toEqual(order)
    await expect
      .poll(async () => (await shop.call(`/inventory/P002/movements?limit=100`)).body.items, {
        timeout: 15_000,
      })
      .toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'commit', quantity: 1, orderId })]))
  })
})

const listedOrder = async (orderId: string) => {
  const { body } = await shop.call('/orders?status=confirmed&limit=100')
  return body.items.find((item: { orderId: string }) => item.orderId === orderId)
}

describe('an order that cannot be had or paid', () => {
  it('G5: an order is rejected when the card is declined, with all stock back and nothing captured', async () => {
    const before = await shop.level('P001')
    const orderId = await shop.place([{ productId: 'P001', quantity: 5 }], 'pm_card_chargeDeclined')
    const order = await shop.settled(orderId)
    expect(order).toMatchObject({
      ...{ status: 'rejected', reason: { code: 'payment_declined' }, inventory: { status: 'released' } },
      payment: { status: 'declined', capturedAmount: 0 },
    })
    expect(await shop.level('P001')).toEqual(before)
    expect(await shop.bank(orderId)).toEqual({ done: [], held: 0, captured: 0, refunded: 0 })
  })

  it('G5: an order is rejected when one of three products is short: no stock is held, and the authorization is voided', async () => {
    const items = ['P001', 'P002', 'P003'].map((productId) => ({ productId, quantity: 4 }))
    const before = await Promise.all(['P001', 'P002', 'P003'].map(shop.level))
    const order = await shop.settled(await shop.place(items))
    expect(order).toMatchObject({
      status: 'rejected',
      reason: { code: 'out_of_stock', detail: 'P003: 4 requested, 3 available' },
      payment: { status: 'voided' },
    })
    expect(await Promise.all(['P001', 'P002', 'P003'].map(shop.level))).toEqual(before)
    expect(await shop.bank(order.orderId)).toMatchObject({ held: 0, captured: 0 })
  })

  it('needs the sum where the same product is on two lines', async () => {
    const twice = [2, 2].map((quantity) => ({ productId: 'P003', quantity }))
    const order = await shop.settled(await shop.place(twice))
    expect(order.reason).toEqual({ code: 'out_of_stock', detail: 'P003: 4 requested, 3 available' })
  })

  it('is cancelled when the bank refuses the capture for good, and its stock goes back', async () => {
    const before = await shop.level('P001')
    const order = await shop.settled(
      await shop.place([{ productId: 'P001', quantity: 1 }], 'pm_sim_captureDeclined'),
    )
    expect(order).toMatchObject({ status: 'cancelled', reason: { code: 'payment_failed' } })
    expect(await shop.level('P001')).toEqual(before)
    expect(await shop.bank(order.orderId)).toMatchObject({ held: 0, captured: 0 })
  })

  it('G3: exactly one of fifty orders is confirmed when one unit is left', async () => {
    await shop.stock('LAST', 1)
    const ids = await Promise.all(
      Array.from({ length: 50 }, () => shop.place([{ productId: 'LAST', quantity: 1 }])),
    )
    const orders = await Promise.all(ids.map(shop.settled))
    expect(orders.filter((order) => order.status === 'confirmed')).toHaveLength(1)
    expect(orders.filter((order) => order.reason?.code === 'out_of_stock')).toHaveLength(49)
    expect(await shop.level('LAST')).toEqual({ onHand: 0, reserved: 0 })
  })
})

describe('a bank that fails for a while', () => {
  it.each([
    'pm_sim_errorOnce',
    'pm_sim_errorSticky',
    'pm_sim_timeoutOnce',
    'pm_sim_captureErrorTwice',
    'pm_sim_slow',
  ])('G4: a bank that fails for a while is asked again, and charges once: %s', async (token) => {
    const order = await shop.settled(await shop.place([{ productId: 'P001', quantity: 1 }], token))
    expect(order).toMatchObject({ status: 'confirmed', payment: { status: 'captured', capturedAmount: 50 } })
    expect(await shop.bank(order.orderId)).toEqual({
      ...{ done: ['authorize', 'capture'], held: 0, captured: 50, refunded: 0 },
    })
  })
})
