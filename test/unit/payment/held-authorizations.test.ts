import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { HOUR_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { done } from '../../../src/messaging/consume.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
} from '../../support/builders.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

/** A payment whose authorization has succeeded, and is not stored yet. */
const authorized = async (event: DomainEvent = orderPlacedEvent()): Promise<PaymentWorld> => {
  const world = createPaymentWorld()
  await world.respond(event)
  return world
}

const textOf = (world: PaymentWorld) => JSON.stringify(world.memory.rows())

/** How often the row of a payment is written while this runs. */
const writesOf = async (world: PaymentWorld, run: () => Promise<unknown>): Promise<number> => {
  const { sql } = world.memory
  sql(`CREATE TEMP TABLE IF NOT EXISTS writes (order_id TEXT)`)
  for (const change of ['INSERT', 'UPDATE']) {
    sql(`CREATE TEMP TRIGGER IF NOT EXISTS on_${change} AFTER ${change} ON payments
      BEGIN INSERT INTO writes VALUES (new.order_id); END`)
  }
  sql('DELETE FROM writes')
  await run()
  return sql('SELECT * FROM writes').length
}

describe('an authorization that has succeeded', () => {
  it('is reported before it is stored', async () => {
    const world = createPaymentWorld()
    const placed = orderPlacedEvent()
    expect(await world.respond(placed)).toEqual([done])
    expect(world.takeReports()).toMatchObject([{ type: 'PaymentAuthorized', causationid: placed.id }])
    expect(world.view()).toMatchObject({ status: 'pending', attempts: 1 })
  })

  it('is stored with the step that follows', async () => {
    const world = await authorized()
    world.begin(orderConfirmedEvent())
    expect(world.view()).toMatchObject({ status: 'authorized', attempts: 2 })
  })

  it('makes three writes of a captured payment, and no entry in the index of due rows', async () => {
    const world = createPaymentWorld()
    const writes = await writesOf(world, async () => {
      await world.respond(orderPlacedEvent())
      await world.respond(orderConfirmedEvent())
      await world.memory.ringUntilRest(world.wake)
    })
    expect(writes).toBe(3)
    expect(world.listed).toMatchObject([{ status: 'captured' }])
    expect(world.memory.rows().payments).toMatchObject([{ due_at: null }])
  })

  it.each([
    ['a rejection', orderRejectedEvent()],
    ['a cancellation', orderCancelledEvent()],
  ])('makes three writes of a payment that is voided after %s', async (_, decision) => {
    const world = createPaymentWorld()
    const writes = await writesOf(world, async () => {
      await world.respond(orderPlacedEvent())
      await world.respond(decision)
      await world.memory.ringUntilRest(world.wake)
    })
    expect([writes, world.operations()]).toEqual([3, ['authorize succeeded', 'void succeeded']])
  })

  it('is reported again when its event comes again, and the bank is not called', async () => {
    const world = await authorized()
    world.takeReports()
    const stored = textOf(world)
    expect(await world.respond(orderPlacedEvent())).toEqual([done])
    expect(world.takeReports()).toMatchObject([{ type: 'PaymentAuthorized' }])
    expect([world.operations(), textOf(world)]).toEqual([['authorize succeeded'], stored])
  })

  it('is stored at the look where the order is not decided by then, and is listed', async () => {
    const world = await authorized()
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(NOW + 2 * SECOND_MS)
    expect(world.view()).toMatchObject({ status: 'authorized' })
    await world.memory.ringUntil(NOW + 4 * SECOND_MS, world.wake)
    expect(world.listed.at(-1)).toMatchObject({ status: 'authorized' })
  })

  it('is stored at once from the look on', async () => {
    const world = createPaymentWorld()
    world.memory.advance(5 * SECOND_MS)
    const other = 'ord_0_01m844dzg00000000000000001'
    await world.respond(orderPlacedEvent({ data: { orderId: other } }))
    await world.memory.ring(world.wake)
    await world.respond(orderPlacedEvent())
    expect(world.view()).toMatchObject({ status: 'authorized' })
  })

  it.each(['my-order-1', 'ord_0_zzzzzzzzzzzzzzzzzzzzzzzzzz'])(
    'is stored at once where no look will find the payment: %s',
    async (orderId) => {
      const world = await authorized(orderPlacedEvent({ data: { orderId } }))
      expect(world.partition().get(orderId, { client: 'shop', scopes: [] })).toMatchObject({
        status: 'authorized',
      })
    },
  )

  it('stays held where the turn that would have stored it is undone', async () => {
    const world = await authorized()
    world.memory.failAfter(1)
    await world.respond(orderConfirmedEvent())
    expect(world.memory.mend()).toBe(true)
    expect(world.view()).toMatchObject({ status: 'pending' })
    expect(await world.respond(orderConfirmedEvent())).toEqual([done])
    expect(world.operations()).toEqual(['authorize succeeded', 'capture succeeded'])
  })
})

describe('an authorization that was lost by a crash before it was stored', () => {
  const crashed = async (): Promise<PaymentWorld> => {
    const world = await authorized()
    world.takeReports()
    world.takeCalls()
    world.restart()
    return world
  }

  it('is still known to be under way, so nothing else is begun', async () => {
    const world = await crashed()
    expect(world.begin(orderConfirmedEvent())[0]?.directive).toEqual({ kind: 'wait', seconds: 10 })
    expect(world.begin(orderCancelledEvent())[0]?.directive).toEqual({ kind: 'wait', seconds: 10 })
  })

  it.each([
    ['captured', orderConfirmedEvent(), 'capture succeeded'],
    ['voided', orderCancelledEvent(), 'void succeeded'],
  ])('is found at the bank again under its key, and the payment is %s', async (status, decision, last) => {
    const world = await crashed()
    await world.respond(decision)
    world.memory.advance(10 * SECOND_MS)
    expect(await world.respond(decision)).toEqual([done])
    expect(world.view()).toMatchObject({ status })
    expect(world.operations()).toEqual(['authorize succeeded', last])
  })

  it('is looked up where the bank may have forgotten the key', async () => {
    const world = await crashed()
    world.memory.advance(24 * HOUR_MS)
    const [reply] = world.begin(orderConfirmedEvent())
    expect(reply?.directive).toMatchObject({ kind: 'lookUp', orderId: ORDER_ID })
  })

  it('is reported again, with a higher revision', async () => {
    const world = createPaymentWorld()
    await world.respond(orderPlacedEvent())
    const [first] = world.takeReports()
    world.restart()
    world.memory.advance(10 * SECOND_MS)
    await world.respond(orderPlacedEvent())
    const [second] = world.takeReports()
    expect(second).toMatchObject({ type: 'PaymentAuthorized', data: first?.data ?? {} })
    expect(second?.revision).toBeGreaterThan(first?.revision ?? 0)
  })
})
