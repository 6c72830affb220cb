import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { done } from '../../../src/messaging/consume.ts'
import {
  CLIENT,
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  ordersArchivedEvent,
  refundRequestedEvent,
} from '../../support/builders.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

const BEFORE = NOW + 7 * DAY_MS
const ARCHIVED = ordersArchivedEvent([ORDER_ID], BEFORE)

/** A captured payment, listed; a week later. */
const captured = async (): Promise<PaymentWorld> => {
  const world = createPaymentWorld()
  await world.respond(orderPlacedEvent())
  await world.respond(orderConfirmedEvent())
  await world.memory.ringUntilRest(world.wake)
  world.memory.advance(8 * DAY_MS)
  world.takeReports()
  world.takeCalls()
  return world
}

const departed = async (): Promise<PaymentWorld> => {
  const world = await captured()
  await world.respond(ARCHIVED)
  await world.memory.ringUntilRest(world.wake)
  world.takeReports()
  world.takeCalls()
  return world
}

const payments = ({ memory }: PaymentWorld) => memory.rows().payments
const sums = ({ memory }: PaymentWorld) => memory.rows().departed_payments

describe('the payment of an archived order', () => {
  it('leaves into the sums, and is acknowledged', async () => {
    const world = await captured()
    expect(await world.respond(ARCHIVED)).toEqual([done])
    expect(payments(world)).toEqual([])
    expect(sums(world)).toEqual([{ currency: 'USD', payments: 1, captured_minor: 15_000, refunded_minor: 0 }])
    expect(world.takeReports()).toMatchObject([
      { type: 'FactNoted', source: '/payment', subject: ORDER_ID, data: { ids: [ARCHIVED.id] } },
    ])
  })

  it('leaves the list a minute after its row', async () => {
    const world = await captured()
    await world.respond(ARCHIVED)
    expect(world.memory.wakeAt()).toBe(world.memory.now() + MINUTE_MS)
    expect(world.unlisted).toEqual([])
    await world.memory.ringUntilRest(world.wake)
    expect(world.unlisted).toEqual([[CLIENT.client, NOW, ORDER_ID]])
    expect(world.memory.rows().departures).toEqual([])
  })

  it('is taken off the list later where that fails, also by a partition that was started anew', async () => {
    const world = await captured()
    await world.respond(ARCHIVED)
    world.onUnlist = async () => {
      throw new Error('D1_ERROR: overloaded')
    }
    await world.memory.ring(world.wake)
    expect([world.unlisted, world.memory.logged.at(-1)]).toEqual([
      [],
      'archived orders could not be taken off a list; this is tried again',
    ])
    world.onUnlist = async () => {}
    world.memory.loseAlarm()
    world.restart()
    await world.memory.ringUntilRest(world.wake)
    expect(world.unlisted).toHaveLength(1)
  })

  it('leaves once, however often the event comes', async () => {
    const world = await departed()
    const before = world.memory.rows()
    expect(await world.respond(ARCHIVED, ARCHIVED)).toEqual([done, done])
    expect([world.memory.rows(), world.memory.wakeAt()]).toEqual([before, undefined])
  })

  it('G13: a payment stays while a refund is under way, and leaves once its order has acknowledged the refund', async () => {
    const world = await captured()
    world.refund({ amount: 20 })
    await world.respond(ARCHIVED)
    expect(payments(world)).toHaveLength(1)
    await world.respond(refundRequestedEvent('rf_1'))
    await world.memory.ringUntil(world.memory.now() + 2 * HOUR_MS, world.wake)
    expect(payments(world)).toHaveLength(1)
    world.partition().acknowledge(ORDER_ID, [`${ORDER_ID}/PaymentRefunded/rf_1`])
    // What changed yesterday leaves once orders leave that were last heard of today.
    await world.respond(ordersArchivedEvent(['ord_0_01m844dzg0000000000000000z'], BEFORE + 2 * DAY_MS))
    await world.memory.ringUntilRest(world.wake)
    expect(payments(world)).toEqual([])
    expect(sums(world)).toEqual([
      { currency: 'USD', payments: 1, captured_minor: 15_000, refunded_minor: 2_000 },
    ])
  })

  it('stays while the list does not have it', async () => {
    const world = createPaymentWorld()
    world.onList = async () => {
      throw new Error('D1_ERROR: overloaded')
    }
    await world.respond(orderPlacedEvent(), orderConfirmedEvent())
    await world.memory.ring(world.wake)
    world.memory.advance(8 * DAY_MS)
    await world.respond(ARCHIVED)
    expect(payments(world)).toHaveLength(1)
    world.onList = async () => {}
    await world.memory.ringUntilRest(world.wake)
    expect([payments(world), world.unlisted]).toEqual([[], [[CLIENT.client, NOW, ORDER_ID]]])
  })

  it('stays while the bank refuses to give its money back', async () => {
    const world = createPaymentWorld()
    await world.respond(orderPlacedEvent({ data: { payment: { token: 'pm_sim_refundDeclined' } } }))
    await world.respond(orderConfirmedEvent())
    await world.respond(orderCancelledEvent())
    await world.memory.ring(world.wake)
    world.memory.advance(8 * DAY_MS)
    await world.respond(ARCHIVED)
    await world.memory.ringUntil(world.memory.now() + DAY_MS, world.wake)
    expect(payments(world)).toHaveLength(1)
  })

  it('stays while its order has not left', async () => {
    const world = await captured()
    await world.respond(ordersArchivedEvent(['ord_0_01m844dzg0000000000000000z'], BEFORE))
    expect(await world.respond(orderPlacedEvent())).toEqual([done])
    expect(world.takeReports()).toMatchObject([{ type: 'FactNoted' }, { type: 'PaymentCaptured' }])
  })
})

describe('an event about a payment that has left', () => {
  it.each([orderPlacedEvent(), orderConfirmedEvent(), refundRequestedEvent('rf_1')])(
    'G13: $type about a payment that has left is done, and changes nothing',
    async (event) => {
      const world = await departed()
      world.restart()
      const before = world.memory.rows()
      expect(await world.respond(event)).toEqual([done])
      expect([world.memory.rows(), world.takeReports(), world.memory.wakeAt()]).toEqual([
        before,
        [],
        undefined,
      ])
      expect(world.operations()).toEqual(['authorize succeeded', 'capture succeeded'])
    },
  )

  it('a release is reported as void, so that an order settles whose payment never heard of it', async () => {
    const world = await departed()
    const before = world.memory.rows()
    expect(await world.respond(orderPlacedEvent(), orderCancelledEvent())).toEqual([done, done])
    expect(world.takeReports()).toMatchObject([{ type: 'PaymentVoided', subject: ORDER_ID }])
    expect(world.memory.rows()).toEqual(before)
    expect(world.operations()).toEqual(['authorize succeeded', 'capture succeeded'])
  })

  it('one of the bank is unknown', async () => {
    const world = await departed()
    expect(world.partition().questionFor({ eventId: 'evt_1', orderId: ORDER_ID })).toEqual({
      kind: 'unknown',
    })
  })
})

it('a payment whose first event is as old as the last departure, or younger, begins', async () => {
  const world = await departed()
  const orderId = 'ord_0_01m844dzg0000000000000000z'
  expect(await world.respond(orderPlacedEvent({ at: BEFORE, data: { orderId } }))).toEqual([done])
  expect(world.operations(orderId)).toEqual(['authorize succeeded'])
})

it('the event comes again where its partition or its acknowledgement fails', async () => {
  const world = await captured()
  world.onPublish = async () => {
    throw new Error('queue unavailable')
  }
  expect(await world.respond(ARCHIVED)).toMatchObject([{ kind: 'retry' }])
  world.onPublish = async () => {}
  expect(await world.respond(ARCHIVED)).toEqual([done])
  expect(sums(world)).toHaveLength(1)
})
