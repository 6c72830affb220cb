import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { viewOrder } from '../../../src/order/order-view.ts'
import {
  CLIENT,
  NOW,
  OPERATOR,
  ORDER_ID,
  orderPlacedEvent,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  STRANGER,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { orderPlaced } from '../../support/given.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const OTHER_BODY = { requestKey: 'key', fingerprint: 'other' }
const PLACED = viewOrder(orderPlaced())
const REFUSAL = { code: 'unknown_product', detail: 'The catalogue has no product X.' } as const
const refused = { request: REQUEST, placement: { ok: false, reason: REFUSAL } } as const

describe('place', () => {
  it('stores the order and answers with it', () => {
    const world = createOrderWorld()
    expect(world.place()).toEqual({ ok: true, value: { order: PLACED, isReplay: false } })
    expect(world.view()).toEqual(PLACED)
  })

  it('publishes the order to both legs at once', () => {
    const world = createOrderWorld()
    world.place()
    const event = orderPlacedEvent({ owner: { client: CLIENT.client } })
    expect(world.memory.takePublished()).toEqual([
      { to: 'inventory', event },
      { to: 'payment', event },
    ])
  })

  it('runs the deadline on its own clock', async () => {
    const world = createOrderWorld()
    world.place()
    await world.memory.ringUntil(NOW + 15 * MINUTE_MS, world.wake)
    expect(world.view()).toMatchObject({ reason: { code: 'deadline_exceeded' } })
  })

  it('gives the first answer again for the same key and body, whatever became of the order', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    world.answer(paymentDeclined())
    world.published()
    expect(world.place({ orderId: 'another' }, REQUEST)).toEqual({
      ok: true,
      value: { order: PLACED, isReplay: true },
    })
    expect(world.published()).toEqual([])
    expect(world.partition().get('another', CLIENT)).toBeUndefined()
  })

  it('gives again all that the caller said of the order', () => {
    const world = createOrderWorld()
    const said = { customerId: 'cust_1', reference: 'web-1001', metadata: { channel: 'web' } }
    const first = world.place(said, REQUEST)
    expect(world.place(said, REQUEST)).toEqual({
      ...first,
      value: { order: viewOrder(orderPlaced(said)), isReplay: true },
    })
  })

  it('gives the first answer again although the order could not be taken now', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    expect(world.partition().place(refused)).toMatchObject({ ok: true, value: { isReplay: true } })
  })

  it('gives the first answer again after a restart', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    world.restart()
    expect(world.place({ orderId: 'another' }, REQUEST)).toMatchObject({
      value: { order: { orderId: ORDER_ID }, isReplay: true },
    })
  })

  it('does nothing for the same key with another body', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    world.published()
    expect(world.place({ orderId: 'another' }, OTHER_BODY)).toEqual({
      ok: false,
      reason: { code: 'idempotency_key_reused' },
    })
    expect([world.published(), world.partition().get('another', CLIENT)]).toEqual([[], undefined])
  })

  it('stores nothing of an order that is refused', () => {
    const world = createOrderWorld()
    expect(world.partition().place(refused)).toEqual({ ok: false, reason: REFUSAL })
    expect([world.view(), world.published(), world.memory.wakeAt()]).toEqual([undefined, [], undefined])
  })

  it('leaves the key of a refused order free', () => {
    const world = createOrderWorld()
    world.partition().place(refused)
    expect(world.place({}, OTHER_BODY)).toEqual({ ok: true, value: { order: PLACED, isReplay: false } })
  })
})

describe('a key that leads to another partition now', () => {
  it('is free where it was never used, and is used there no longer', () => {
    const world = createOrderWorld()
    expect(world.partition().fence(REQUEST)).toBeUndefined()
    expect(world.place({}, REQUEST)).toEqual({ ok: false, reason: { code: 'request_in_progress' } })
    expect([world.view(), world.published()]).toEqual([undefined, []])
  })

  it('is free however often it is asked for', () => {
    const world = createOrderWorld()
    world.partition().fence(REQUEST)
    expect(world.partition().fence(REQUEST)).toBeUndefined()
  })

  it('gives the answer that it got here', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    expect(world.partition().fence(REQUEST)).toEqual({ ok: true, value: { order: PLACED, isReplay: true } })
  })

  it('is refused for another body than it was used with here', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    expect(world.partition().fence(OTHER_BODY)).toEqual({
      ok: false,
      reason: { code: 'idempotency_key_reused' },
    })
  })
})

describe('cancel', () => {
  it('cancels, and publishes it to both legs at once', () => {
    const world = createOrderWorld()
    world.place()
    world.published()
    expect(world.cancel()).toMatchObject({
      ok: true,
      value: {
        status: 202,
        isReplay: false,
        order: { status: 'cancelled', reason: { code: 'cancelled_by_client', detail: 'Changed my mind.' } },
      },
    })
    expect(world.published()).toEqual(['inventory OrderCancelled', 'payment OrderCancelled'])
  })

  it('of a cancelled order does nothing more', () => {
    const world = createOrderWorld()
    world.place()
    world.cancel()
    world.published()
    expect(world.cancel({ detail: 'Again.' })).toMatchObject({ ok: true, value: { status: 200 } })
    expect([world.published(), world.view()?.reason?.detail]).toEqual([[], 'Changed my mind.'])
  })

  it('gives the first answer again for the same key', () => {
    const world = createOrderWorld()
    world.place()
    const first = world.cancel({ request: REQUEST })
    world.answer(stockReserved())
    expect(first).toMatchObject({ ok: true, value: { status: 202 } })
    const again = world.cancel({ request: REQUEST })
    expect(again).toEqual(first.ok && { ok: true, value: { ...first.value, isReplay: true } })
  })

  it('does nothing for the same key with another body', () => {
    const world = createOrderWorld()
    world.place({}, REQUEST)
    expect(world.cancel({ request: OTHER_BODY })).toEqual({
      ok: false,
      reason: { code: 'idempotency_key_reused' },
    })
    expect(world.view()).toMatchObject({ status: 'pending' })
  })

  it('refuses to cancel what was rejected, and leaves the key free', () => {
    const world = createOrderWorld()
    world.place()
    world.answer(paymentDeclined())
    const refusal = { ok: false, reason: { code: 'order_not_cancellable' } }
    expect(world.cancel({ request: REQUEST })).toEqual(refusal)
    expect(world.cancel({ request: OTHER_BODY })).toEqual(refusal)
  })

  it.each([
    ['an order that is not there', { orderId: 'another' }],
    ['an order of another client', { caller: STRANGER }],
  ])('does not find %s', (_, request) => {
    const world = createOrderWorld()
    world.place()
    expect(world.cancel(request)).toEqual({ ok: false, reason: { code: 'order_not_found' } })
    expect(world.view()).toMatchObject({ status: 'pending' })
  })

  it('lets operations cancel for a client', () => {
    const world = createOrderWorld()
    world.place()
    expect(world.cancel({ caller: OPERATOR })).toMatchObject({ ok: true, value: { status: 202 } })
  })
})

describe('an order', () => {
  it('is shown to its client and, with the client, to operations, and to no other caller', () => {
    const world = createOrderWorld()
    world.place()
    const seen = [CLIENT, OPERATOR, STRANGER].map((caller) => world.partition().get(ORDER_ID, caller))
    expect(seen).toEqual([PLACED, { ...PLACED, client: CLIENT.client }, undefined])
  })

  it('tells its events to its client alone, without the token', () => {
    const world = createOrderWorld()
    world.place()
    world.answer(stockReserved(), paymentAuthorized())
    const events = world.partition().events(ORDER_ID, CLIENT) ?? []
    expect(events.map(({ type }) => type)).toEqual([
      'OrderPlaced',
      'StockReserved',
      'PaymentAuthorized',
      'OrderConfirmed',
    ])
    expect(JSON.stringify(events)).not.toContain('pm_card_visa')
    expect(world.partition().events(ORDER_ID, STRANGER)).toBeUndefined()
  })

  it('survives a restart', () => {
    const world = createOrderWorld()
    world.place()
    world.answer(stockReserved(), paymentAuthorized())
    world.restart()
    world.answer(stockCommitted(), paymentCaptured())
    expect(world.view()).toMatchObject({ status: 'confirmed', version: 7 })
  })
})
