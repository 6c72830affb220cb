import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { Reader } from '../../../src/order/partition/visible-order.ts'
import {
  CLIENT,
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  STRANGER,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const placed = (): OrderWorld => {
  const world = createOrderWorld()
  world.place()
  return world
}

describe('who waits for a decision', () => {
  const waiting = (world: OrderWorld) => {
    const heard: string[] = []
    const wait = world
      .partition()
      .access.decided(ORDER_ID, CLIENT, MINUTE_MS)
      .then(() => heard.push(world.view()?.status ?? 'unknown'))
    return { heard, wait }
  }

  it.each([
    ['confirmed', (world: OrderWorld) => world.answer(stockReserved(), paymentAuthorized())],
    ['rejected', (world: OrderWorld) => world.answer(paymentDeclined())],
    ['cancelled', (world: OrderWorld) => world.cancel()],
  ])('hears of it once the order is %s', async (status, decide) => {
    const world = placed()
    const first = waiting(world)
    const second = waiting(world)
    world.answer(stockReserved())
    expect([first.heard, second.heard]).toEqual([[], []])
    decide(world)
    await Promise.all([first.wait, second.wait])
    expect([first.heard, second.heard]).toEqual([[status], [status]])
  })

  it('hears of the deadline', async () => {
    const world = placed()
    const { wait, heard } = waiting(world)
    await world.memory.ringUntil(NOW + 15 * MINUTE_MS, world.wake)
    await wait
    expect(heard).toEqual(['rejected'])
  })

  it('hears at once of an order that is decided', async () => {
    const world = placed()
    world.answer(paymentDeclined())
    const { wait, heard } = waiting(world)
    await wait
    expect(heard).toEqual(['rejected'])
  })

  it('hears at once that there is no such order', async () => {
    const { wait, heard } = waiting(createOrderWorld())
    await wait
    expect(heard).toEqual(['unknown'])
  })
})

describe('who follows the events of an order', () => {
  type Options = { withinMs?: number; reader?: Reader }
  const follow = async (
    world: OrderWorld,
    after?: string,
    { withinMs = MINUTE_MS, reader = CLIENT }: Options = {},
  ) => {
    const news = await world.partition().access.follow({ orderId: ORDER_ID, reader, after, withinMs })
    return news && { ...news, events: news.events.map((event) => event.id) }
  }
  const idOf = (type: string) => `${ORDER_ID}/${type}`
  const answered = { isSettled: false, isCrowded: false }

  it('gets at once what has happened', async () => {
    const world = placed()
    expect(await follow(world)).toEqual({ ...answered, events: [idOf('OrderPlaced')] })
  })

  it('waits where it has all, and gets what happens next', async () => {
    const world = placed()
    const news = follow(world, idOf('OrderPlaced'))
    world.cancel()
    expect(await news).toEqual({ ...answered, events: [idOf('OrderCancelled')] })
  })

  it('gets all that one turn did', async () => {
    const world = placed()
    const news = follow(world, idOf('OrderPlaced'))
    world.answer(stockReserved(), paymentAuthorized())
    const events = ['StockReserved', 'PaymentAuthorized', 'OrderConfirmed'].map(idOf)
    expect(await news).toEqual({ ...answered, events })
  })

  it('gets everything where the order does not have the event that it names', async () => {
    const world = placed()
    expect(await follow(world, 'ord_0_other/OrderPlaced')).toMatchObject({ events: [idOf('OrderPlaced')] })
  })

  it('gets nothing when nothing happens in time', async () => {
    const world = placed()
    expect(await follow(world, idOf('OrderPlaced'), { withinMs: 1 })).toEqual({ ...answered, events: [] })
  })

  it('does not wait for an order that is settled', async () => {
    const world = placed()
    world.answer(stockReserved(), paymentAuthorized())
    world.answer(stockCommitted(), paymentCaptured())
    expect(await follow(world, idOf('OrderSettled'))).toEqual({ ...answered, isSettled: true, events: [] })
  })

  it('waits again for an order that was settled and is cancelled', async () => {
    const world = placed()
    world.answer(stockReserved(), paymentAuthorized())
    world.answer(stockCommitted(), paymentCaptured())
    world.cancel()
    expect(await follow(world, idOf('OrderSettled'))).toEqual({
      ...answered,
      events: [idOf('OrderCancelled')],
    })
    expect(await follow(world, idOf('OrderCancelled'), { withinMs: 1 })).toEqual({ ...answered, events: [] })
  })

  it('learns nothing of an order that another client placed', async () => {
    expect(await follow(placed(), undefined, { reader: STRANGER })).toBeUndefined()
  })

  it('needs no key with the read token of this order, and learns nothing with that of another', async () => {
    const events = [idOf('OrderPlaced')]
    expect(await follow(placed(), undefined, { reader: { holdsTokenOf: ORDER_ID } })).toMatchObject({
      events,
    })
    const reader = { holdsTokenOf: `${ORDER_ID}0` }
    expect(await follow(placed(), undefined, { reader })).toBeUndefined()
  })

  it('makes room for another where a hundred wait already, and has to poll', async () => {
    const world = placed()
    const waiting = Array.from({ length: 100 }, () => follow(world, idOf('OrderPlaced')))
    const another = follow(world, idOf('OrderPlaced'))
    expect(await waiting[0]).toEqual({ ...answered, isCrowded: true, events: [] })
    world.answer(paymentDeclined())
    const others = await Promise.all([...waiting.slice(1), another])
    expect(new Set(others.map((news) => news?.isCrowded))).toEqual(new Set([false]))
    const next = follow(world, idOf('OrderRejected'))
    world.answer(stockReleased())
    expect(await next).toMatchObject({
      isCrowded: false,
      events: [idOf('StockReleased'), idOf('OrderSettled')],
    })
  })
})
