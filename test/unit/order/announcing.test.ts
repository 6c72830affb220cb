import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import {
  CLIENT,
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentRefunded,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const DECIDED = [stockReserved(), paymentAuthorized()]
const SETTLED = [...DECIDED, stockCommitted(), paymentCaptured()]

const announcedBy = (world: OrderWorld): string[] =>
  world.memory.takePublished().flatMap(({ to, event }) => (to === 'operations' ? [event.id] : []))

const CONFIRMED = `${ORDER_ID}/OrderConfirmed`
const SETTLEMENT = `${ORDER_ID}/OrderSettled`

const settledWith = (wanted: readonly string[] | 'not told'): OrderWorld => {
  const world = createOrderWorld({ wanted })
  world.place()
  world.answer(...SETTLED)
  return world
}

/** When the order is not due any more. */
const rest = async (world: OrderWorld): Promise<number> => {
  await world.memory.ringUntilRest(world.wake)
  return (world.memory.now() - NOW) / SECOND_MS
}

describe('what webhooks want of an order', () => {
  it('is announced as it happens, with whose order it is, and without a payment token', () => {
    const world = createOrderWorld({ wanted: ['OrderConfirmed', 'OrderSettled'] })
    world.place()
    expect(announcedBy(world)).toEqual([])
    world.answer(...SETTLED)
    const announced = world.memory.takePublished().filter(({ to }) => to === 'operations')
    expect(announced.map(({ event }) => event.id)).toEqual([CONFIRMED, SETTLEMENT])
    expect(announced.map(({ event }) => event.client)).toEqual([CLIENT.client, CLIENT.client])
    expect(JSON.stringify(announced)).not.toContain('pm_')
  })

  it('is nothing where no webhook wants anything: the order costs what it always cost', async () => {
    const world = settledWith([])
    expect(announcedBy(world)).toEqual([])
    expect(await rest(world)).toBe(2)
    expect(announcedBy(world)).toEqual([])
  })

  it('is a refund too, once for each', () => {
    const world = settledWith(['PaymentRefunded'])
    announcedBy(world)
    const refund = paymentRefunded({ data: { refundId: 'rf_1', refundedAmount: 20 } })
    world.answer(refund, refund)
    world.answer(refund)
    expect(announcedBy(world)).toEqual([`${ORDER_ID}/PaymentRefunded/rf_1`])
  })

  it('leaves out an order that was never placed', () => {
    const world = createOrderWorld({ wanted: 'not told' })
    world.answer(stockReserved())
    expect(announcedBy(world)).toEqual([])
  })

  it('is everything for a partition without wanted types', () => {
    expect(announcedBy(settledWith('not told'))).toEqual([CONFIRMED, SETTLEMENT])
  })

  it('is what the newest word says, in whatever order the words come', () => {
    const world = createOrderWorld({ wanted: 'not told' })
    world.partition().setWantedTypes({ revision: 2, types: [] })
    world.partition().setWantedTypes({ revision: 1, types: ['OrderConfirmed'] })
    world.restart()
    world.place()
    world.answer(...SETTLED)
    expect(announcedBy(world)).toEqual([])
  })
})

describe('an announcement', () => {
  it('G10: an announcement is published again until it is acknowledged, after a crash too', async () => {
    const world = settledWith(['OrderConfirmed'])
    world.published()
    world.restart()
    await world.memory.ringUntil(NOW + 17 * SECOND_MS, world.wake)
    expect(announcedBy(world)).toEqual([CONFIRMED, CONFIRMED])
    world.partition().acknowledge([CONFIRMED])
    await rest(world)
    expect(announcedBy(world)).toEqual([])
  })

  it('is the same event every time', async () => {
    const world = settledWith(['OrderConfirmed'])
    await world.memory.ringUntil(NOW + 60 * SECOND_MS, world.wake)
    const texts = world.memory
      .takePublished()
      .filter(({ to }) => to === 'operations')
      .map(({ event }) => JSON.stringify(event))
    expect(texts.length).toBeGreaterThan(2)
    expect(new Set(texts).size).toBe(1)
  })

  it('G10: an announcement without an acknowledgement keeps no order from being settled', () => {
    expect(settledWith(['OrderConfirmed']).view()).toMatchObject({ settledAt: expect.any(String) })
  })

  it('is not repeated while the inbox still holds it', async () => {
    const world = settledWith(['OrderConfirmed'])
    announcedBy(world)
    world.oldestWaiting = async () => NOW
    await world.memory.ringUntil(NOW + 120 * SECOND_MS, world.wake)
    expect(announcedBy(world)).toEqual([])
  })

  it('of several is acknowledged alone: the others stay outstanding', async () => {
    const world = settledWith(['OrderConfirmed', 'OrderSettled'])
    announcedBy(world)
    world.partition().acknowledge([SETTLEMENT])
    await world.memory.ringUntil(NOW + 7 * SECOND_MS, world.wake)
    expect(announcedBy(world)).toEqual([CONFIRMED])
  })
})
