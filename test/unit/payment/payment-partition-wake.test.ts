import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
  refundRequestedEvent,
} from '../../support/builders.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

const REFUND_MADE = `order ${ORDER_ID}/PaymentRefunded/rf_1`
const REFUND_ASKED = `payment ${ORDER_ID}/RefundRequested/rf_1`

const captured = async (): Promise<PaymentWorld> => {
  const world = createPaymentWorld()
  await world.respond(orderPlacedEvent())
  await world.respond(orderConfirmedEvent())
  return world
}

/** Captured, listed, and a refund asked for. */
const refundAsked = async (): Promise<PaymentWorld> => {
  const world = await captured()
  await world.memory.ringUntilRest(world.wake)
  world.refund({ amount: 50 })
  world.published()
  return world
}

describe('the read model', () => {
  it('has a payment that was captured within two seconds once', async () => {
    const world = await captured()
    await world.memory.ringUntilRest(world.wake)
    expect(world.memory.now()).toBe(NOW + 2 * SECOND_MS)
    expect(world.listed).toMatchObject([{ orderId: ORDER_ID, status: 'captured' }])
  })

  it('that fails is tried again five seconds later', async () => {
    const world = await captured()
    let failures = 0
    world.onList = async () => {
      failures += 1
      if (failures === 1) throw new Error('overloaded')
    }
    await world.memory.ringUntilRest(world.wake)
    expect([world.memory.now(), world.listed.length]).toEqual([NOW + 7 * SECOND_MS, 1])
  })

  it('that takes its time never overwrites what happened meanwhile', async () => {
    const world = createPaymentWorld()
    await world.respond(orderPlacedEvent())
    world.onList = async () => {
      world.onList = async () => {}
      await world.respond(orderConfirmedEvent())
    }
    await world.memory.ring(world.wake)
    expect(world.view()).toMatchObject({ status: 'captured' })
    await world.memory.ringUntilRest(world.wake)
    expect(world.listed.map(({ status }) => status)).toEqual(['pending', 'captured'])
  })
})

describe('a payment that was let go before its order came', () => {
  it('is listed again once the order says whose it is', async () => {
    const world = createPaymentWorld()
    await world.respond(orderRejectedEvent())
    await world.memory.ringUntilRest(world.wake)
    const [unowned] = world.listed
    await world.respond(orderPlacedEvent())
    await world.memory.ringUntilRest(world.wake)
    const owned = world.listed.at(-1)
    expect(owned?.client).toBe('shop')
    expect(owned?.revision).toBeGreaterThan(unowned?.revision ?? 0)
  })
})

describe('a refund that is to be made', () => {
  it('is asked for again until it is', async () => {
    const world = await refundAsked()
    const at = world.memory.now()
    await world.memory.ringUntil(at + 20 * SECOND_MS, world.wake)
    expect(world.published()).toEqual([REFUND_ASKED, REFUND_ASKED])
  })

  it('is asked for no longer once it failed for good', async () => {
    const world = await refundAsked()
    world.bank = {
      ...world.bank,
      perform: async () => ({ kind: 'declined', code: 'closed', detail: 'The account is closed.' }),
    }
    await world.respond(refundRequestedEvent('rf_1'))
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })
})

describe('a refund that was made', () => {
  const made = async () => {
    const world = await refundAsked()
    await world.respond(refundRequestedEvent('rf_1'))
    world.published()
    return { world, at: world.memory.now() }
  }

  it('is published until it is acknowledged, in the first minutes at least once in each', async () => {
    const { world, at } = await made()
    const times: number[] = []
    while ((world.memory.wakeAt() ?? at + 4 * MINUTE_MS) < at + 4 * MINUTE_MS) {
      await world.memory.ring(world.wake)
      if (world.published().includes(REFUND_MADE)) times.push(world.memory.now() - at)
    }
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0))
    expect(gaps.length).toBeGreaterThanOrEqual(5)
    expect(Math.max(...gaps)).toBeLessThan(MINUTE_MS)
  })

  it('is published as early as at first, however long before it was requested', async () => {
    const world = await refundAsked()
    await world.memory.ringUntil(world.memory.now() + 60 * MINUTE_MS, world.wake)
    await world.respond(refundRequestedEvent('rf_1'))
    world.published()
    await world.memory.ringUntil(world.memory.now() + 7 * SECOND_MS, world.wake)
    expect(world.published()).toContain(REFUND_MADE)
  })

  it('is no longer published once it is acknowledged', async () => {
    const { world } = await made()
    world.partition().acknowledge(ORDER_ID, [`${ORDER_ID}/PaymentRefunded/rf_1`])
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })

  it('is not noted by a note of another', async () => {
    const { world, at } = await made()
    world.partition().acknowledge(ORDER_ID, [`${ORDER_ID}/PaymentRefunded/rf_2`, 'nonsense'])
    await world.memory.ringUntil(at + 10 * SECOND_MS, world.wake)
    expect(world.published()).toContain(REFUND_MADE)
  })

  it('is published after a restart, although the alarm was lost', async () => {
    const { world, at } = await made()
    world.memory.loseAlarm()
    world.restart()
    await world.memory.ringUntil(at + 10 * SECOND_MS, world.wake)
    expect(world.published()).toContain(REFUND_MADE)
  })

  it('by a cancellation is published until it is acknowledged', async () => {
    const world = await captured()
    await world.respond(orderCancelledEvent())
    const told = `order ${ORDER_ID}/PaymentRefunded/cancellation`
    await world.memory.ringUntil(NOW + 8 * SECOND_MS, world.wake)
    expect(world.published()).toContain(told)
    world.partition().acknowledge(ORDER_ID, [told.slice('order '.length)])
    world.published()
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })
})

describe('a note about a payment that is not there', () => {
  it('does nothing', () => {
    const world = createPaymentWorld()
    world.partition().acknowledge('x', ['x/PaymentRefunded/rf_1'])
    expect(world.memory.wakeAt()).toBeUndefined()
  })
})

describe('an authorization without news of its order', () => {
  const OVERDUE = expect.stringMatching(new RegExp(`^order ${ORDER_ID}/AuthorizationOverdue/\\d+$`))

  it('is asked about after an hour, and every hour', async () => {
    const world = createPaymentWorld()
    await world.respond(orderPlacedEvent())
    await world.memory.ringUntil(NOW + 61 * MINUTE_MS, world.wake)
    expect(world.published()).toEqual([OVERDUE])
    await world.memory.ringUntil(NOW + 122 * MINUTE_MS, world.wake)
    expect(world.published()).toEqual([OVERDUE])
  })

  it.each([
    ['captured', orderConfirmedEvent()],
    ['voided', orderCancelledEvent()],
  ])('is asked about no longer once it is %s', async (_, event) => {
    const world = createPaymentWorld()
    await world.respond(orderPlacedEvent())
    await world.respond(event)
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })
})
