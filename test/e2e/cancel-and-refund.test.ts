import { beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: SharedSystem
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await sharedSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

const one = [{ productId: 'P001', quantity: 1 }]

describe('a cancellation', () => {
  it('G5: an order that is cancelled before its decision ends with nothing held and nothing kept', async () => {
    const before = await shop.level('P001')
    const orderId = await shop.place(one)
    const cancelled = await shop.post(`/orders/${orderId}/cancel`, { reason: 'changed my mind' })
    expect(cancelled).toMatchObject({ status: 202, body: { status: 'cancelled' } })
    const order = await shop.settled(orderId)
    expect(order.reason).toEqual({ code: 'cancelled_by_client', detail: 'changed my mind' })
    expect(await shop.level('P001')).toEqual(before)
    expect(await net(orderId)).toBe(0)
  })

  it('while the bank is thinking voids what the bank then grants', async () => {
    const before = await shop.level('P001')
    const orderId = await shop.place(one, 'pm_sim_slow')
    await expect.poll(async () => (await shop.call(`/payments/${orderId}`)).status).toBe(200)
    await shop.post(`/orders/${orderId}/cancel`)
    expect(await shop.settled(orderId)).toMatchObject({ status: 'cancelled', payment: { status: 'voided' } })
    expect(await shop.level('P001')).toEqual(before)
    expect(await net(orderId)).toBe(0)
  })

  it('after settlement returns the stock and refunds exactly what is left', async () => {
    const before = await shop.level('P001')
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    await shop.post(`/payments/${orderId}/refunds`, { amount: 20 })
    await expect.poll(async () => (await shop.read(orderId)).payment.refundedAmount).toBe(20)
    expect((await shop.post(`/orders/${orderId}/cancel`)).body.settledAt).toBeUndefined()
    const order = await shop.settled(orderId)
    expect(order.payment).toEqual({ status: 'refunded', capturedAmount: 50, refundedAmount: 50 })
    expect(await shop.level('P001')).toEqual(before)
    expect(await shop.bank(orderId)).toMatchObject({ done: ['authorize', 'capture', 'refund', 'refund'] })
  })

  it('is done once when it is asked for twice, at the same time or later', async () => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const answers = await Promise.all([1, 2, 3].map(() => shop.post(`/orders/${orderId}/cancel`)))
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 200, 202])
    await shop.settled(orderId)
    expect((await shop.post(`/orders/${orderId}/cancel`)).status).toBe(200)
    expect(await shop.bank(orderId)).toEqual({
      ...{ done: ['authorize', 'capture', 'refund'], held: 0, captured: 50, refunded: 50 },
    })
  })

  it('G5: a cancellation or a rejection outlasts a bank that fails to void twice', async () => {
    await shop.stock('SCARCE', 1)
    const tooMany = [{ productId: 'SCARCE', quantity: 9_999 }]
    const orderId = await shop.place(tooMany, 'pm_sim_voidErrorTwice')
    expect(await shop.settled(orderId)).toMatchObject({ payment: { status: 'voided' } })
    expect(await net(orderId)).toBe(0)
  })

  it('is shown as stuck, with a dead letter, where the bank refuses the refund for good', async () => {
    const orderId = await shop.place(one, 'pm_sim_refundDeclined')
    await shop.settled(orderId)
    await shop.post(`/orders/${orderId}/cancel`)
    const { stuck } = await eventually(
      () => shop.read(orderId),
      (order) => order.stuck !== undefined,
    )
    expect(stuck).toMatchObject({ code: 'bank_refused', waitingFor: ['payment'] })
    expect(await shop.bank(orderId)).toMatchObject({ captured: 50, refunded: 0 })
    const { body } = await eventually(
      () => shop.call('/dead-letters?reason=bank_refused&type=OrderCancelled&status=open'),
      ({ body: { items } }) => items.length > 0,
    )
    expect(body.items).toMatchObject([{ orderId, reason: 'bank_refused' }])
  })

  it('of a rejected order is refused', async () => {
    const orderId = await shop.place(one, 'pm_card_chargeDeclined')
    await shop.settled(orderId)
    const refused = await shop.problem(shop.post(`/orders/${orderId}/cancel`))
    expect(refused).toMatchObject({ status: 409, code: 'order_not_cancellable' })
  })

  it('repeated under its key gets its first answer, another body under it is refused', async () => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const cancel = (reason: string) =>
      shop.post(`/orders/${orderId}/cancel`, { reason }, { 'idempotency-key': `cancel-${orderId}` })
    const first = await cancel('too late')
    await shop.settled(orderId)
    const second = await cancel('too late')
    expect({ status: second.status, body: second.body }).toEqual({ status: 202, body: first.body })
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await shop.problem(cancel('other'))).toMatchObject({ code: 'idempotency_key_reused' })
  })
})

describe('a refund', () => {
  it('G4: refunds never exceed what was captured, however many are asked for at once', async () => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const asked = await Promise.all(
      [1, 2, 3, 4].map(() => shop.post(`/payments/${orderId}/refunds`, { amount: 20 })),
    )
    expect(asked.map((answer) => answer.status).toSorted()).toEqual([202, 202, 422, 422])
    await expect.poll(async () => (await shop.read(orderId)).payment.refundedAmount).toBe(40)
    expect(await shop.read(orderId)).toMatchObject({ status: 'confirmed', payment: { status: 'captured' } })
    await shop.post(`/payments/${orderId}/refunds`)
    await expect.poll(async () => (await shop.read(orderId)).payment.status).toBe('refunded')
    expect(await shop.bank(orderId)).toMatchObject({ captured: 50, refunded: 50 })
  })

  it('is made once for one key', async () => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const ask = () =>
      shop.post(`/payments/${orderId}/refunds`, { amount: 5 }, { 'idempotency-key': `refund-${orderId}` })
    const [first, second] = [await ask(), await ask()]
    expect(second.body).toEqual(first.body)
    await expect.poll(async () => (await shop.bank(orderId)).refunded).toBe(5)
  })

  it.each([0, -1, 0.001])('of %d is refused', async (amount) => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const refused = await shop.problem(shop.post(`/payments/${orderId}/refunds`, { amount }))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/amount'] })
  })

  it.each([50.01, 9_000_000_000_000_000, 1e21])('of %d is more than was captured', async (amount) => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const refused = await shop.problem(shop.post(`/payments/${orderId}/refunds`, { amount }))
    expect(refused).toEqual({ status: 422, code: 'refund_exceeds_captured', paths: [] })
  })
})

const net = async (orderId: string): Promise<number> => {
  const { held, captured, refunded } = await shop.bank(orderId)
  return held + captured - refunded
}
