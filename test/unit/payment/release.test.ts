import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { NOW, orderCancelledEvent, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

describe('an authorization that is about to lapse', () => {
  const RELEASE = /^payment .+\/AuthorizationOverdue\/\d+$/
  const RELEASED = 'an authorization was released before its order was decided'
  const DUE = NOW + 3 * DAY_MS + 18 * HOUR_MS

  /** Until the partition has decided on the release. Returns the event that asks for the void. */
  const waitForRelease = async (world: PaymentWorld): Promise<DomainEvent> => {
    await world.memory.ringUntil(DUE - 1, world.wake)
    expect(world.published().filter((each) => RELEASE.test(each))).toEqual([])
    expect(world.memory.logged).not.toContain(RELEASED)
    await world.memory.ringUntil(DUE, world.wake)
    expect(world.memory.logged).toContain(RELEASED)
    const [asked] = world.memory.takePublished().filter(({ to }) => to === 'payment')
    if (asked === undefined) throw new Error('the void was not asked for')
    return asked.event
  }

  const authorized = async (): Promise<PaymentWorld> => {
    const world = createPaymentWorld()
    await world.respond(orderPlacedEvent())
    world.takeReports()
    return world
  }

  it('is voided a day before its shortest life ends, and its order is told why', async () => {
    const world = await authorized()
    await world.respond(await waitForRelease(world))
    expect(world.operations()).toEqual(['authorize succeeded', 'void succeeded'])
    expect(world.takeReports()).toMatchObject([
      { type: 'PaymentFailed', data: { capturedAmount: 0, reason: { code: 'authorization_released' } } },
    ])
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })

  it('is asked for again until it is voided', async () => {
    const world = await authorized()
    const { id } = await waitForRelease(world)
    await world.memory.ringUntil(DUE + MINUTE_MS, world.wake)
    const again = world.published()
    expect(again.length).toBeGreaterThan(1)
    expect(new Set(again)).toEqual(new Set([`payment ${id}`]))
  })

  it.each([
    ['confirmation', orderConfirmedEvent()],
    ['cancellation', orderCancelledEvent()],
  ])('is voided once, and not captured, where a %s comes late', async (_, decision) => {
    const world = await authorized()
    const asked = await waitForRelease(world)
    await world.respond(decision)
    await world.respond(asked)
    expect(world.operations()).toEqual(['authorize succeeded', 'void succeeded'])
    expect(world.takeReports().map(({ type }) => type)).toEqual(['PaymentFailed', 'PaymentFailed'])
    expect(world.balance()).toEqual({ heldMinor: 0, capturedMinor: 0, refundedMinor: 0 })
  })

  it('is left alone while its capture is under way', async () => {
    const world = await authorized()
    await world.memory.ringUntil(DUE - MINUTE_MS, world.wake)
    world.bank = { ...world.bank, perform: async () => ({ kind: 'unknown', detail: 'no response' }) }
    await world.respond(orderConfirmedEvent())
    world.published()
    await world.memory.ringUntil(DUE + 3 * HOUR_MS, world.wake)
    expect(world.published()).toEqual([])
    expect(world.memory.logged).not.toContain(RELEASED)
  })

  it('needs a person where the bank refuses the void: it may have been captured in the dashboard', async () => {
    const world = await authorized()
    const asked = await waitForRelease(world)
    const { perform } = world.bank
    world.bank = {
      ...world.bank,
      perform: async (call) =>
        call.operation === 'void'
          ? { kind: 'declined', code: 'invalid_state', detail: 'It was captured.' }
          : await perform(call),
    }
    await world.respond(asked)
    expect(world.view()).toMatchObject({ status: 'authorized', stuck: { code: 'invalid_state' } })
    world.published()
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })

  it('was never given: a payment whose call got no response ends without one', async () => {
    const world = createPaymentWorld()
    const { bank } = world
    world.bank = { ...bank, perform: async () => ({ kind: 'unknown', detail: 'no response' }) }
    await world.respond(orderPlacedEvent())
    const asked = await waitForRelease(world)
    world.bank = bank
    await world.respond(asked)
    expect(world.balance()).toEqual({ heldMinor: 0, capturedMinor: 0, refundedMinor: 0 })
    expect(world.view()?.status).toBe('voided')
  })

  it('is counted with its age, until it is decided', async () => {
    const world = await authorized()
    const waiting = () =>
      world
        .partition()
        .measure()
        .filter(({ name }) => /waiting/.test(name))
        .map((sample) => [sample.name, 'value' in sample && sample.value])
    await world.memory.ringUntil(NOW + 2 * HOUR_MS, world.wake)
    expect(waiting()).toEqual([
      ['edge_orders_payments_waiting', 1],
      ['edge_orders_oldest_waiting_payment_seconds', 7_200],
    ])
    await world.respond(orderConfirmedEvent())
    expect(waiting()).toEqual([
      ['edge_orders_payments_waiting', 0],
      ['edge_orders_oldest_waiting_payment_seconds', 0],
    ])
  })
})
