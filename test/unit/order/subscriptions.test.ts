import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import {
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const SUBSCRIPTIONS = {
  shipping: ['OrderConfirmed', 'OrderCancelled'],
  letters: ['OrderConfirmed', 'OrderSettled'],
} as const

const CONFIRMED = `${ORDER_ID}/OrderConfirmed`
const SETTLEMENT = `${ORDER_ID}/OrderSettled`

const settled = (): OrderWorld => {
  const world = createOrderWorld({ subscriptions: SUBSCRIPTIONS })
  world.place()
  world.answer(stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured())
  return world
}

/** `subscriber id` of what was sent to subscribers since this was last asked. */
const sent = (world: OrderWorld): string[] =>
  world.memory.takePublished().flatMap(({ to, event }) => (to in SUBSCRIPTIONS ? [`${to} ${event.id}`] : []))

const waitSeconds = (world: OrderWorld, seconds: number) =>
  world.memory.ringUntil(NOW + seconds * SECOND_MS, world.wake)

describe('a subscriber beyond the four services', () => {
  it('gets each fact that it subscribes to, as it happens, and no other', () => {
    const world = settled()
    expect(sent(world)).toEqual([`shipping ${CONFIRMED}`, `letters ${CONFIRMED}`, `letters ${SETTLEMENT}`])
    world.cancel()
    expect(sent(world)).toEqual([`shipping ${ORDER_ID}/OrderCancelled`])
  })

  it('gets it again until it acknowledges, after a crash too, whatever the other one does', async () => {
    const world = settled()
    sent(world)
    world.restart()
    await waitSeconds(world, 7)
    expect(sent(world)).toEqual([`shipping ${CONFIRMED}`, `letters ${CONFIRMED}`, `letters ${SETTLEMENT}`])
    world.partition().acknowledgeBy('letters', [CONFIRMED])
    world.partition().acknowledgeBy('shipping', [CONFIRMED])
    await waitSeconds(world, 60)
    expect(new Set(sent(world))).toEqual(new Set([`letters ${SETTLEMENT}`]))
    world.partition().acknowledgeBy('letters', [SETTLEMENT])
    await world.memory.ringUntilRest(world.wake)
    expect(sent(world)).toEqual([])
  })

  it('keeps no order from being settled', () => {
    expect(settled().view()).toMatchObject({ status: 'confirmed', settledAt: expect.any(String) })
  })

  it('cannot acknowledge for another, nor operations for it', async () => {
    const world = settled()
    sent(world)
    world.partition().acknowledge([CONFIRMED, SETTLEMENT])
    world.partition().acknowledgeBy('letters', [CONFIRMED, SETTLEMENT])
    world.partition().acknowledgeBy('stranger', [CONFIRMED])
    await waitSeconds(world, 7)
    expect(sent(world)).toEqual([`shipping ${CONFIRMED}`])
  })

  it('gets no second copy while its inbox holds the first one', async () => {
    const world = settled()
    sent(world)
    world.oldestWaiting = async (inbox) => ((inbox as string) === 'shipping' ? NOW : undefined)
    await waitSeconds(world, 60)
    expect(sent(world).filter((each) => each.startsWith('shipping'))).toEqual([])
  })

  it('that was removed gets nothing, and its orders rest', async () => {
    const world = settled()
    sent(world)
    world.subscriptions = {}
    world.restart()
    await world.memory.ringUntilRest(world.wake)
    expect(sent(world)).toEqual([])
  })
})

it('without such a subscriber an order stores and sends nothing for one', async () => {
  const world = createOrderWorld()
  world.place()
  world.answer(stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured())
  expect(world.memory.sql('SELECT unacknowledged FROM orders')).toEqual([{ unacknowledged: null }])
})
