import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { NOW, ORDER_ID, paymentAuthorized, paymentDeclined, stockReserved } from '../../support/builders.ts'
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
      .untilDecided(ORDER_ID)
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
