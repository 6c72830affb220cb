import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import {
  CLIENT,
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const placed = (orderId = ORDER_ID): OrderWorld => {
  const world = createOrderWorld()
  world.place({ orderId })
  world.published()
  return world
}

const typesOf = (world: OrderWorld) =>
  (world.partition().events(ORDER_ID, CLIENT) ?? []).map(({ type }) => type)

describe('the first of two reports', () => {
  it('is not shown, and changes no version, until the second comes', () => {
    const world = placed()
    world.answer(stockReserved())
    expect(world.view()).toMatchObject({ version: 1, inventory: { status: 'pending' } })
    expect(typesOf(world)).toEqual(['OrderPlaced'])
    world.answer(paymentAuthorized())
    expect(world.view()).toMatchObject({ version: 4, status: 'confirmed', inventory: { status: 'reserved' } })
    expect(typesOf(world)).toEqual(['OrderPlaced', 'StockReserved', 'PaymentAuthorized', 'OrderConfirmed'])
  })

  it('costs no written row', () => {
    const world = placed()
    const before = JSON.stringify(world.memory.rows())
    world.answer(paymentAuthorized())
    expect(JSON.stringify(world.memory.rows())).toBe(before)
  })

  it('counts as well after a confirmation: the order is settled by the second', () => {
    const world = placed()
    world.answer(stockReserved(), paymentAuthorized())
    world.answer(paymentCaptured())
    expect(world.view()).toMatchObject({ version: 4 })
    world.answer(stockCommitted())
    expect(world.view()).toMatchObject({ version: 7, settledAt: expect.any(String) })
  })

  it('counts as well after a rejection', () => {
    const world = placed()
    world.cancel()
    world.answer(stockReleased())
    expect(world.view()).toMatchObject({ version: 2, inventory: { status: 'pending' } })
    world.answer(paymentVoided())
    expect(world.view()).toMatchObject({ inventory: { status: 'released' }, payment: { status: 'voided' } })
    expect(world.view()).toHaveProperty('settledAt')
  })

  it('is stored at the look where the second has not come, and only the other leg is sent to again', async () => {
    const world = placed()
    world.answer(stockReserved())
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(NOW + 2 * SECOND_MS)
    expect(world.view()).toMatchObject({ version: 2, inventory: { status: 'reserved' } })
    expect(world.listed).toMatchObject([{ version: 1 }])
    await world.memory.ringUntil(NOW + 7 * SECOND_MS, world.wake)
    expect(world.published()).toEqual(['payment OrderPlaced'])
    expect(world.listed.at(-1)).toMatchObject({ version: 2 })
  })

  it('is stored at once from the look on', async () => {
    const world = placed()
    await world.memory.ring(world.wake)
    world.answer(stockReserved())
    expect(world.view()).toMatchObject({ version: 2 })
  })

  it('is lost by a restart, and comes again when the order asks again', async () => {
    const world = placed()
    world.answer(stockReserved())
    world.restart()
    world.answer(paymentAuthorized())
    expect(world.view()).toMatchObject({ status: 'pending' })
    await world.memory.ringUntil(NOW + 7 * SECOND_MS, world.wake)
    expect(world.published()).toContain('inventory OrderPlaced')
    world.answer(stockReserved())
    expect(world.view()).toMatchObject({ status: 'confirmed' })
  })

  it('takes effect before a cancellation', () => {
    const world = placed()
    world.answer(paymentAuthorized())
    expect(world.cancel()).toMatchObject({ ok: true, value: { status: 202 } })
    expect(typesOf(world)).toEqual(['OrderPlaced', 'PaymentAuthorized', 'OrderCancelled'])
  })

  it('stays held where the turn that would have used it is undone', () => {
    const world = placed()
    world.answer(stockReserved())
    world.memory.failAfter(1)
    world.answer(paymentAuthorized())
    world.memory.mend()
    expect(world.view()).toMatchObject({ version: 1 })
    world.answer(paymentAuthorized())
    expect(world.view()).toMatchObject({ status: 'confirmed', version: 4 })
  })

  it('may come twice', () => {
    const world = placed()
    world.answer(stockReserved())
    world.answer(stockReserved())
    world.answer(paymentAuthorized())
    expect(world.view()).toMatchObject({ status: 'confirmed', version: 4 })
  })
})

describe('a report is stored at once', () => {
  it('where it decides the order', () => {
    const world = placed()
    world.answer(paymentDeclined())
    expect(world.view()).toMatchObject({ status: 'rejected', version: 3 })
  })

  it('where it is about an order under an external id, which no look finds', () => {
    const world = placed('ord_0_zzzzzzzzzzzzzzzzzzzzzzzzzz')
    world.answer(stockReserved({ data: { orderId: 'ord_0_zzzzzzzzzzzzzzzzzzzzzzzzzz' } }))
    expect(world.partition().get('ord_0_zzzzzzzzzzzzzzzzzzzzzzzzzz', CLIENT)).toMatchObject({ version: 2 })
  })

  it('where the payment service waits for its acknowledgement', () => {
    const world = placed()
    world.answer(stockReserved(), paymentAuthorized())
    world.published()
    world.answer(paymentCaptured(), paymentRefunded({ data: { refundId: 'rf_1', refundedAmount: 20 } }))
    expect(world.view()).toMatchObject({ payment: { refundedAmount: 20 } })
    expect(world.published()).toContain('payment FactNoted')
  })
})
