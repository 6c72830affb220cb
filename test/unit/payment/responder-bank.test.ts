import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { done } from '../../../src/messaging/consume.ts'
import type { BankCall, BankResult } from '../../../src/payment/bank.ts'
import { orderCancelledEvent, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

const paidWith = (token: string) => orderPlacedEvent({ data: { payment: { token } } })

/** The world after these events, one after the other. */
const after = async (...events: DomainEvent[]): Promise<PaymentWorld> => {
  const world = createPaymentWorld()
  for (const event of events) await world.respond(event)
  world.takeReports()
  world.takeCalls()
  return world
}
const typesOf = (events: { type: string }[]) => events.map(({ type }) => type)

describe('every test card ends as its name says', () => {
  it.each([
    ['pm_card_visa', 'PaymentAuthorized', ['authorize succeeded']],
    ['pm_card_chargeDeclined', 'PaymentDeclined', ['authorize declined']],
    ['pm_card_chargeDeclinedInsufficientFunds', 'PaymentDeclined', ['authorize declined']],
    ['pm_sim_errorOnce', 'PaymentAuthorized', ['authorize failed', 'authorize succeeded']],
    ['pm_sim_errorSticky', 'PaymentAuthorized', ['authorize failed', 'authorize succeeded']],
    ['pm_sim_timeoutOnce', 'PaymentAuthorized', ['authorize succeeded']],
    ['pm_sim_slow', 'PaymentAuthorized', ['authorize succeeded']],
  ])('%s: %s', async (token, type, operations) => {
    const world = createPaymentWorld()
    expect(await world.respond(paidWith(token))).toEqual([done])
    expect([typesOf(world.takeReports()), world.operations()]).toEqual([[type], operations])
  })

  it('pm_sim_captureDeclined: PaymentFailed, and nothing is held', async () => {
    const world = await after(paidWith('pm_sim_captureDeclined'))
    expect(await world.respond(orderConfirmedEvent())).toEqual([done])
    expect(world.takeReports()).toMatchObject([
      {
        type: 'PaymentFailed',
        data: {
          capturedAmount: 0,
          reason: {
            code: 'capture_refused',
            detail: 'The bank refused to capture the authorized amount.',
          },
        },
      },
    ])
    expect(world.balance()).toEqual({ heldMinor: 0, capturedMinor: 0, refundedMinor: 0 })
  })

  it('pm_sim_captureErrorTwice: PaymentCaptured, once', async () => {
    const world = await after(paidWith('pm_sim_captureErrorTwice'))
    expect(await world.respond(orderConfirmedEvent())).toEqual([done])
    expect(typesOf(world.takeReports())).toEqual(['PaymentCaptured'])
    expect(world.balance()).toEqual({ heldMinor: 0, capturedMinor: 15_000, refundedMinor: 0 })
  })

  it('pm_sim_voidErrorTwice: PaymentVoided, once', async () => {
    const world = await after(paidWith('pm_sim_voidErrorTwice'))
    expect(await world.respond(orderCancelledEvent())).toEqual([done])
    expect(typesOf(world.takeReports())).toEqual(['PaymentVoided'])
    expect(world.operations()).toEqual([
      'authorize succeeded',
      'void failed',
      'void failed',
      'void succeeded',
    ])
  })
})

describe('a card whose bank refuses for good to give the money back', () => {
  it.each([
    {
      token: 'pm_sim_voidDeclined',
      decided: [],
      error: 'void_refused: The bank refused to void the authorization.',
      operations: ['authorize succeeded', 'void declined'],
    },
    {
      token: 'pm_sim_refundDeclined',
      decided: [orderConfirmedEvent()],
      error: 'refund_refused: The bank refused to refund the captured amount.',
      operations: ['authorize succeeded', 'capture succeeded', 'refund declined'],
    },
  ])('$token: the cancellation is parked', async ({ token, decided, error, operations }) => {
    const world = await after(paidWith(token), ...decided)
    expect(await world.respond(orderCancelledEvent())).toEqual([
      { kind: 'park', reason: 'bank_refused', error },
    ])
    expect(world.operations()).toEqual(operations)
  })
})

describe('a bank that is down', () => {
  const saying = (answer: BankResult) => {
    const world = createPaymentWorld()
    const { bank } = world
    world.bank = { ...bank, perform: async () => answer }
    return { world, bank }
  }

  it('is left alone after four faults, for a while', async () => {
    const { world } = saying({ kind: 'unknown', detail: 'no answer' })
    expect(await world.respond(orderPlacedEvent())).toEqual([
      {
        kind: 'retry',
        afterSeconds: 2,
        error: 'Another Worker is calling the bank, or the bank is left alone after faults.',
      },
    ])
    expect([world.takeReports(), world.view()?.attempts]).toEqual([[], 4])
  })

  it('is asked again once it is back', async () => {
    const { world, bank } = saying({ kind: 'error', detail: '500' })
    await world.respond(orderPlacedEvent())
    world.bank = bank
    world.memory.advance(2 * SECOND_MS)
    expect(await world.respond(orderPlacedEvent())).toEqual([done])
    expect(world.balance().heldMinor).toBe(15_000)
  })
})

describe('a bank that refuses for good to give back', () => {
  const refusing = async () => {
    const world = await after(orderPlacedEvent(), orderConfirmedEvent())
    const refusal = { kind: 'declined', code: 'closed', detail: 'The account is closed.' } as const
    world.bank = { ...world.bank, perform: async () => refusal }
    return world
  }

  it('has the event parked with its reason', async () => {
    expect(await (await refusing()).respond(orderCancelledEvent())).toEqual([
      { kind: 'park', reason: 'bank_refused', error: 'closed: The account is closed.' },
    ])
  })

  it('is reported to the order', async () => {
    const world = await refusing()
    await world.respond(orderCancelledEvent())
    expect(world.takeReports()).toMatchObject([
      {
        type: 'PaymentCaptured',
        data: { refundedAmount: 0, stuck: { code: 'closed', detail: 'The account is closed.' } },
      },
    ])
  })

  it('is not asked again by itself', async () => {
    const world = await refusing()
    await world.respond(orderCancelledEvent())
    const before = world.view()?.attempts
    await world.respond(orderCancelledEvent())
    expect(world.view()?.attempts).toBe(before)
  })
})

describe('what a bank refused for good', () => {
  const refusal = { kind: 'declined', code: 'closed', detail: 'The account is closed.' } as const
  const redriven = (redriveid: string) => ({ ...orderCancelledEvent(), redriveid })

  /** A cancelled order whose bank refuses to give back, until it answers `isMended`. */
  const stuck = async (...decided: DomainEvent[]) => {
    const world = await after(orderPlacedEvent(), ...decided)
    const { perform } = world.bank
    const bank = { isMended: false }
    const refusedKeys = new Set<string>()
    const answerTo = async (call: BankCall): Promise<BankResult> => {
      if (!bank.isMended) refusedKeys.add(call.idempotencyKey)
      return refusedKeys.has(call.idempotencyKey) ? refusal : perform(call)
    }
    world.bank = { ...world.bank, perform: answerTo }
    await world.respond(orderCancelledEvent())
    world.takeReports()
    return { world, bank }
  }

  it.each([
    ['a void', [], ['authorize succeeded', 'void succeeded'], 'voided'],
    [
      'a refund',
      [orderConfirmedEvent()],
      ['authorize succeeded', 'capture succeeded', 'refund succeeded'],
      'refunded',
    ],
  ])('is done under another key once its event is redriven: %s', async (_, decided, operations, status) => {
    const { world, bank } = await stuck(...decided)
    bank.isMended = true
    expect(await world.respond(redriven('rd_1'))).toEqual([{ kind: 'done' }])
    expect(world.operations()).toEqual(operations)
    expect(world.view()).toMatchObject({ status })
    expect(world.view()).not.toHaveProperty('stuck')
    expect(world.takeReports()).toMatchObject([
      { type: `Payment${status === 'voided' ? 'Voided' : 'Refunded'}` },
    ])
  })

  it('is asked once for each time that a person redrives it, however often that is delivered', async () => {
    const { world } = await stuck()
    const attempts = async (event: ReturnType<typeof redriven>) => {
      const before = world.view()?.attempts ?? 0
      const [outcome] = await world.respond(event)
      return { outcome: outcome?.kind, calls: (world.view()?.attempts ?? 0) - before }
    }
    expect(await attempts(redriven('rd_1'))).toEqual({ outcome: 'park', calls: 1 })
    expect(await attempts(redriven('rd_1'))).toEqual({ outcome: 'park', calls: 0 })
    expect(await attempts(redriven('rd_2'))).toEqual({ outcome: 'park', calls: 1 })
  })

  it('moves no money where nothing is stuck', async () => {
    const world = await after(orderPlacedEvent(), orderConfirmedEvent(), orderCancelledEvent())
    const before = world.operations()
    await world.respond(redriven('rd_1'))
    expect(world.operations()).toEqual(before)
  })
})
