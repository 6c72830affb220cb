import { describe, expect, it } from 'vitest'
import {
  authorizationOverdueEvent,
  NOW,
  OPERATOR,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentRefunded,
  paymentVoided,
  reservationOverdueEvent,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const OTHER_ID = 'ord_0_01m844dzg00000000000000001'
const SETTLED = [stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured()]

const placed = () => {
  const world = createOrderWorld()
  world.place()
  world.published()
  return world
}

describe('answers', () => {
  it('that decide are met with the decision at once', () => {
    const world = placed()
    world.answer(stockReserved())
    world.answer(paymentAuthorized())
    expect(world.published()).toEqual(['inventory OrderConfirmed', 'payment OrderConfirmed'])
  })

  it('of one batch are taken in together', () => {
    const world = placed()
    world.answer(...SETTLED)
    expect(world.view()).toMatchObject({ status: 'confirmed', settledAt: '2026-11-23T12:00:00.000Z' })
  })

  it('that decide nothing are met with nothing', () => {
    const world = placed()
    world.answer(stockReserved())
    expect(world.published()).toEqual([])
  })

  it('that are repeated change nothing', () => {
    const world = placed()
    world.answer(stockReserved(), paymentAuthorized())
    const before = world.view()
    world.published()
    world.answer(paymentAuthorized(), stockReserved(), stockReserved())
    expect([world.view(), world.published()]).toEqual([before, []])
  })

  it('of one leg that is rejected leave the other to let go', () => {
    const world = placed()
    world.answer(stockRejected())
    expect(world.published()).toEqual(['payment OrderRejected'])
  })

  it('about several orders decide each for itself', () => {
    const world = placed()
    world.place({ orderId: OTHER_ID })
    world.published()
    world.answer(
      stockRejected(),
      stockReserved({ data: { orderId: OTHER_ID } }),
      paymentAuthorized({ data: { orderId: OTHER_ID } }),
    )
    expect(world.published()).toEqual([
      'payment OrderRejected',
      'inventory OrderConfirmed',
      'payment OrderConfirmed',
    ])
  })
})

describe('a refund', () => {
  it('is acknowledged, so that it is no longer outstanding', () => {
    const world = placed()
    const refund = paymentRefunded({ data: { refundId: 'rf_1', refundedAmount: 50 } })
    world.answer(...SETTLED, refund)
    expect(world.memory.takePublished().filter(({ event }) => event.type === 'FactNoted')).toMatchObject([
      {
        to: 'payment',
        event: {
          id: `${ORDER_ID}/FactNoted/${ORDER_ID}/PaymentRefunded/rf_1`,
          subject: ORDER_ID,
          causationid: refund.id,
          data: { ids: [refund.id] },
        },
      },
    ])
  })

  it('is noted again when it comes again: the note may have been lost', () => {
    const world = placed()
    world.answer(...SETTLED, paymentRefunded())
    world.published()
    world.answer(paymentRefunded())
    expect(world.published()).toEqual(['payment FactNoted'])
  })
})

describe('an report on an order that was never placed', () => {
  const ask = () => {
    const world = createOrderWorld()
    world.answer(stockReserved())
    return world
  }

  it('is met with its rejection', () => {
    expect(ask().published()).toEqual(['inventory OrderRejected', 'payment OrderRejected'])
  })

  it('is visible to no client', () => {
    const world = ask()
    expect([world.view(), world.partition().get(ORDER_ID, OPERATOR)]).toEqual([undefined, undefined])
  })

  it('is not listed', async () => {
    const world = ask()
    await world.memory.ringUntil(NOW + 60_000, world.wake)
    expect(world.listed).toEqual([])
  })

  it('redelivers the rejection until both legs have released', async () => {
    const world = ask()
    world.answer(stockReleased())
    world.published()
    await world.memory.ringUntil(NOW + 7_000, world.wake)
    expect(world.published()).toEqual(['payment OrderRejected'])
    world.answer(paymentVoided())
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })

  it('and another about it are met once', () => {
    const world = createOrderWorld()
    world.answer(stockReserved(), paymentAuthorized())
    expect(world.published()).toEqual(['inventory OrderRejected', 'payment OrderRejected'])
  })

  it('that was released by itself redelivers it to the other leg alone', async () => {
    const world = createOrderWorld()
    world.answer(stockReleased())
    world.published()
    await world.memory.ringUntil(NOW + 7_000, world.wake)
    expect(world.published()).toEqual(['payment OrderRejected'])
  })

  it('that is a refund is noted too', () => {
    const world = createOrderWorld()
    world.answer(paymentRefunded())
    expect(world.published()).toContain('payment FactNoted')
  })
})

describe('a leg that asks about an order', () => {
  it('gets the last decision again', () => {
    const world = placed()
    world.answer(stockReserved())
    world.partition().applyReports([authorizationOverdueEvent()])
    expect(world.published()).toEqual(['payment OrderPlaced'])
  })

  it('gets the cancellation again, although it seems to have taken effect', () => {
    const world = placed()
    world.cancel()
    world.answer(stockReleased(), paymentVoided())
    world.published()
    world.partition().applyReports([reservationOverdueEvent()])
    expect(world.published()).toEqual(['inventory OrderCancelled'])
  })

  it('gets the confirmation again, although it seems to have taken effect', () => {
    const world = placed()
    world.answer(...SETTLED)
    world.published()
    world.partition().applyReports([authorizationOverdueEvent()])
    expect(world.published()).toEqual(['payment OrderConfirmed'])
  })

  it('changes nothing about it', () => {
    const world = placed()
    const before = world.view()
    world.partition().applyReports([reservationOverdueEvent()])
    expect(world.view()).toEqual(before)
  })

  it('gets the rejection of an order that was never placed', () => {
    const world = createOrderWorld()
    world.partition().applyReports([reservationOverdueEvent()])
    expect(world.published()).toEqual(['inventory OrderRejected', 'payment OrderRejected'])
  })
})
