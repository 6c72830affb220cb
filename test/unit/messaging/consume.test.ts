import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/messaging/consume.ts'
import { orderCancelledEvent, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { allDone, byType, message, run } from '../../support/inbox.ts'

const RETRY: Outcome = { kind: 'retry', error: 'busy' }
const PARK: Outcome = { kind: 'park', reason: 'bank_refused', error: 'no: never' }
const POISON = { ...orderPlacedEvent(), type: 'OrderShipped' }
const SENT_AT = '2026-11-23T12:00:00.000Z'

describe('a message', () => {
  it('is acknowledged once when each of its events is done', async () => {
    const { consumer, handled } = allDone()
    const body = [orderPlacedEvent(), orderConfirmedEvent()]
    expect(await run(consumer, message(body))).toEqual([['ack']])
    expect(handled).toEqual([body])
  })

  it('is delivered again when one of its events is to be retried', async () => {
    const { consumer } = byType({ OrderConfirmed: RETRY })
    const body = [orderPlacedEvent(), orderConfirmedEvent()]
    expect(await run(consumer, message(body))).toEqual([['retry in 2 s']])
  })

  it('waits the longer the more often it was delivered', async () => {
    const { consumer } = byType({ OrderPlaced: RETRY })
    const body = [orderPlacedEvent()]
    expect(await run(consumer, message(body, 4), message(body, 9))).toEqual([
      ['retry in 16 s'],
      ['retry in 60 s'],
    ])
  })

  it('waits as long as the event that asks for the longest', async () => {
    const { consumer } = byType({
      OrderPlaced: { ...RETRY, afterSeconds: 3 },
      OrderConfirmed: { ...RETRY, afterSeconds: 10 },
    })
    const body = [orderConfirmedEvent(), orderPlacedEvent()]
    expect(await run(consumer, message(body))).toEqual([['retry in 10 s']])
  })

  it('is acknowledged when its one event is parked', async () => {
    const { consumer, parked } = byType({ OrderPlaced: PARK })
    expect(await run(consumer, message([orderPlacedEvent()], 3))).toEqual([['ack']])
    expect(parked).toEqual([
      {
        consumer: 'inventory',
        reason: 'bank_refused',
        error: 'no: never',
        attempts: 3,
        firstSeenAt: SENT_AT,
        event: orderPlacedEvent(),
      },
    ])
  })

  it('is delivered again when one event is parked and another to be retried', async () => {
    const { consumer } = byType({ OrderPlaced: PARK, OrderConfirmed: RETRY })
    const body = [orderPlacedEvent(), orderConfirmedEvent()]
    expect(await run(consumer, message(body))).toEqual([['retry in 2 s']])
  })

  it('with a lone event counts as a batch of one', async () => {
    const { consumer, handled } = allDone()
    expect(await run(consumer, message(orderPlacedEvent()))).toEqual([['ack']])
    expect(handled).toEqual([[orderPlacedEvent()]])
  })

  it('with a lone event of version 1 is taken as it stands', async () => {
    const { consumer, handled } = allDone()
    const body = {
      eventType: 'OrderPlaced',
      orderId: '12345',
      items: [{ productId: 'P001', quantity: 2 }],
      totalAmount: 100,
      timestamp: '2023-10-05T12:00:00Z',
    }
    expect(await run(consumer, message(body))).toEqual([['ack']])
    expect(handled).toMatchObject([[{ type: 'OrderPlaced', data: { orderId: '12345', currency: 'USD' } }]])
  })

  it('with no events is acknowledged', async () => {
    const { consumer, handled } = allDone()
    expect(await run(consumer, message([]))).toEqual([['ack']])
    expect(handled).toEqual([])
  })
})

describe('a batch', () => {
  it('is handled at once, in its order', async () => {
    const { consumer, handled } = allDone()
    await run(
      consumer,
      message([orderPlacedEvent()]),
      message([orderConfirmedEvent(), orderCancelledEvent()]),
    )
    expect(handled).toEqual([[orderPlacedEvent(), orderConfirmedEvent(), orderCancelledEvent()]])
  })

  it('G6: a batch with poison among ten messages parks that, and handles the nine', async () => {
    const { consumer, handled, parked } = allDone()
    const bodies = Array.from({ length: 10 }, (_, index) => (index === 4 ? POISON : orderPlacedEvent()))
    const fates = await run(consumer, ...bodies.map((body) => message(body)))
    expect(fates).toEqual(bodies.map(() => ['ack']))
    expect(handled.flat()).toHaveLength(9)
    expect(parked).toEqual([
      {
        consumer: 'inventory',
        reason: 'unknown_type',
        error: 'No event of type "OrderShipped" is known here.',
        attempts: 1,
        firstSeenAt: SENT_AT,
        event: POISON,
      },
    ])
  })

  it('with poison among ten events of one message parks that, and handles the nine', async () => {
    const { consumer, handled, parked } = allDone()
    const body = Array.from({ length: 10 }, (_, index) => (index === 4 ? POISON : orderPlacedEvent()))
    expect(await run(consumer, message(body))).toEqual([['ack']])
    expect([handled.flat().length, parked.length]).toEqual([9, 1])
  })

  it('of poison alone never reaches the handler', async () => {
    const { consumer, handled } = allDone()
    await run(consumer, message(POISON), message(null), message('hello'))
    expect(handled).toEqual([])
  })

  it('settles each message for itself', async () => {
    const { consumer } = byType({ OrderConfirmed: RETRY, OrderCancelled: PARK })
    const fates = await run(
      consumer,
      message(orderPlacedEvent()),
      message(orderConfirmedEvent()),
      message(orderCancelledEvent()),
    )
    expect(fates).toEqual([['ack'], ['retry in 2 s'], ['ack']])
  })
})
