import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { done } from '../../../src/messaging/consume.ts'
import {
  factNoted,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
  refundRequestedEvent,
  stockReserved,
} from '../../support/builders.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

const _paidWith = (token: string) => orderPlacedEvent({ data: { payment: { token } } })

/** The world after these events, one after the other. */
const after = async (...events: DomainEvent[]): Promise<PaymentWorld> => {
  const world = createPaymentWorld()
  for (const event of events) await world.respond(event)
  world.takeReports()
  world.takeCalls()
  return world
}
const typesOf = (events: { type: string }[]) => events.map(({ type }) => type)

describe('an order event is answered with the payment as it stands', () => {
  it.each<[string, DomainEvent[], DomainEvent, string]>([
    ['OrderPlaced', [], orderPlacedEvent(), 'PaymentAuthorized'],
    ['OrderConfirmed', [orderPlacedEvent()], orderConfirmedEvent(), 'PaymentCaptured'],
    ['OrderRejected', [orderPlacedEvent()], orderRejectedEvent(), 'PaymentVoided'],
    ['OrderCancelled', [orderPlacedEvent()], orderCancelledEvent(), 'PaymentVoided'],
    [
      'OrderCancelled after the capture',
      [orderPlacedEvent(), orderConfirmedEvent()],
      orderCancelledEvent(),
      'PaymentRefunded',
    ],
    ['OrderCancelled before its order', [], orderCancelledEvent(), 'PaymentVoided'],
    ['OrderPlaced after its end', [orderCancelledEvent()], orderPlacedEvent(), 'PaymentVoided'],
    ['OrderPlaced again', [orderPlacedEvent()], orderPlacedEvent(), 'PaymentAuthorized'],
    [
      'OrderPlaced after the capture',
      [orderPlacedEvent(), orderConfirmedEvent()],
      orderPlacedEvent(),
      'PaymentCaptured',
    ],
    [
      'OrderConfirmed after its end',
      [orderPlacedEvent(), orderCancelledEvent()],
      orderConfirmedEvent(),
      'PaymentVoided',
    ],
  ])('%s', async (_, before, event, type) => {
    const world = await after(...before)
    expect(await world.respond(event)).toEqual([done])
    expect(world.takeReports()).toMatchObject([
      { type, subject: ORDER_ID, causationid: event.id, hops: event.hops + 1 },
    ])
  })
})

describe('money moves once', () => {
  it('however often its events come', async () => {
    const events = [orderPlacedEvent(), orderPlacedEvent(), orderConfirmedEvent(), orderConfirmedEvent()]
    const world = await after(...events, ...events)
    expect(world.operations()).toEqual(['authorize succeeded', 'capture succeeded'])
  })

  it('although the answers could not be published', async () => {
    const world = createPaymentWorld()
    world.onPublish = async () => {
      throw new Error('queue away')
    }
    expect(await world.respond(orderPlacedEvent())).toEqual([{ kind: 'retry', error: 'Error: queue away' }])
    world.onPublish = async () => {}
    expect(await world.respond(orderPlacedEvent())).toEqual([done])
    expect([world.operations(), typesOf(world.takeReports())]).toEqual([
      ['authorize succeeded'],
      ['PaymentAuthorized'],
    ])
  })

  it('although what the bank said could not be recorded', async () => {
    const world = createPaymentWorld()
    world.onCall = (what) => {
      if (what.startsWith('record')) throw new Error('partition away')
    }
    expect(await world.respond(orderPlacedEvent())).toMatchObject([{ kind: 'retry' }])
    world.onCall = () => {}
    expect(await world.respond(orderPlacedEvent())).toMatchObject([{ kind: 'retry', afterSeconds: 10 }])
    world.memory.advance(10 * SECOND_MS)
    expect(await world.respond(orderPlacedEvent())).toEqual([done])
    expect(world.operations()).toEqual(['authorize succeeded'])
  })

  it('not at all for an order that was let go before it came', async () => {
    const world = await after(orderCancelledEvent(), orderPlacedEvent(), orderConfirmedEvent())
    expect(world.operations()).toEqual([])
  })

  it('to and fro at most once for an order that is cancelled after its capture', async () => {
    const world = await after(orderPlacedEvent(), orderConfirmedEvent(), orderCancelledEvent())
    await world.respond(orderCancelledEvent(), orderConfirmedEvent(), orderPlacedEvent())
    expect(world.operations()).toEqual(['authorize succeeded', 'capture succeeded', 'refund succeeded'])
    expect(world.balance()).toEqual({ heldMinor: 0, capturedMinor: 15_000, refundedMinor: 15_000 })
  })
})

describe('a batch', () => {
  const order = (orderId: string, token = 'pm_card_visa') =>
    orderPlacedEvent({ data: { orderId, payment: { token } } })

  it('is one call of each kind', async () => {
    const world = createPaymentWorld()
    expect(await world.respond(order('a'), order('b'), order('c'))).toEqual([done, done, done])
    expect(world.takeCalls()).toEqual(['begin 3', 'bank 3', 'record 3', 'publish 3'])
  })

  it('goes on together where the bank refuses some and errs at others', async () => {
    const world = createPaymentWorld()
    const cards = ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_sim_errorOnce', 'pm_sim_errorOnce']
    await world.respond(...cards.map((card, position) => order(`order-${position}`, card)))
    expect(world.takeCalls()).toEqual([
      ...['begin 4', 'bank 4', 'record 4', 'publish 2'],
      ...['record 2', 'bank 2', 'record 2', 'publish 2'],
    ])
  })

  it('does not wait for a payment whose bank is slow', async () => {
    const world = createPaymentWorld()
    const slow = Promise.withResolvers<void>()
    world.onSleep = () => slow.promise
    const responded = world.respond(order('a', 'pm_sim_slow'), order('b'), order('c'))
    await new Promise(setImmediate)
    expect(world.takeCalls()).toEqual(['begin 3', 'bank 3', 'record 2', 'publish 2'])
    slow.resolve()
    expect(await responded).toEqual([done, done, done])
    expect(world.takeCalls()).toEqual(['record 1', 'publish 1'])
  })

  it('lets each payment go its own way', async () => {
    const world = createPaymentWorld()
    await world.respond(order('a', 'pm_sim_errorOnce'), order('b', 'pm_card_chargeDeclined'), order('c'))
    expect(
      world
        .takeReports()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['a/PaymentAuthorized', 'b/PaymentDeclined', 'c/PaymentAuthorized'])
  })

  it('with the same event twice calls the bank once, and has the second come again', async () => {
    const world = createPaymentWorld()
    expect(await world.respond(orderPlacedEvent(), orderPlacedEvent())).toEqual([
      done,
      {
        kind: 'retry',
        afterSeconds: 10,
        error: 'Another Worker is calling the bank, or the bank is left alone after faults.',
      },
    ])
    expect(world.operations()).toEqual(['authorize succeeded'])
  })

  it('whose partition is away comes again', async () => {
    const world = createPaymentWorld()
    world.onCall = () => {
      throw new Error('partition away')
    }
    expect(await world.respond(orderPlacedEvent())).toEqual([
      { kind: 'retry', error: 'Error: partition away' },
    ])
  })
})

describe('a refund', () => {
  const asked = async () => {
    const world = await after(orderPlacedEvent(), orderConfirmedEvent())
    world.refund({ amount: 50 })
    return world
  }

  it('that was asked for is made, and answered with that refund', async () => {
    const world = await asked()
    expect(await world.respond(refundRequestedEvent('rf_1'))).toEqual([done])
    expect(world.takeReports()).toMatchObject([
      {
        id: `${ORDER_ID}/PaymentRefunded/rf_1`,
        data: { refundId: 'rf_1', capturedAmount: 150, refundedAmount: 50 },
      },
    ])
  })

  it('that is asked for twice is made once', async () => {
    const world = await asked()
    await world.respond(refundRequestedEvent('rf_1'))
    await world.respond(refundRequestedEvent('rf_1'))
    expect(world.balance().refundedMinor).toBe(5_000)
  })

  it('of an unknown order gets no report', async () => {
    const world = await after(orderPlacedEvent(), orderConfirmedEvent())
    expect(await world.respond(refundRequestedEvent('rf_9'))).toEqual([done])
    expect(world.takeReports()).toEqual([])
  })

  it('that was acknowledged is no longer outstanding', async () => {
    const world = await asked()
    await world.respond(refundRequestedEvent('rf_1'))
    expect(await world.respond(factNoted(ORDER_ID, [`${ORDER_ID}/PaymentRefunded/rf_1`]))).toEqual([done])
    world.published()
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })
})

describe('what can never be handled is parked', () => {
  it.each<[string, DomainEvent, string, string]>([
    [
      'an event that the payment service does not subscribe to',
      stockReserved(),
      'unexpected_type',
      'The payment service does not subscribe to StockReserved.',
    ],
    [
      'a confirmation of a payment that never began',
      orderConfirmedEvent(),
      'payment_unknown',
      'OrderConfirmed came for a payment that never began.',
    ],
    [
      'an order of a partition that is not there',
      orderPlacedEvent({ data: { orderId: ORDER_ID.replace('ord_0', 'ord_7') } }),
      'unknown_partition',
      `No partition of this deployment holds ${ORDER_ID.replace('ord_0', 'ord_7')}: is ORDER_PARTITIONS the order Worker's?`,
    ],
    [
      'a note about an order of a partition that is not there',
      factNoted('ord_7', ['x']),
      'unknown_partition',
      "No partition of this deployment holds ord_7: is ORDER_PARTITIONS the order Worker's?",
    ],
  ])('%s', async (_, event, reason, error) => {
    const world = createPaymentWorld()
    expect(await world.respond(event)).toEqual([{ kind: 'park', reason, error }])
    expect(world.takeReports()).toEqual([])
  })
})
