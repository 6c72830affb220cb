import { describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../../src/contracts/dead-letter.ts'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { type Consumer, consume, type Delivery, done, type Outcome } from '../../../src/messaging/consume.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
} from '../../support/builders.ts'

const RETRY: Outcome = { kind: 'retry', error: 'busy' }
const PARK: Outcome = { kind: 'park', reason: 'bank_refused', error: 'no: never' }
const POISON = { ...orderPlacedEvent(), type: 'OrderShipped' }
const SENT_AT = '2026-11-23T12:00:00.000Z'

/** A message and what became of it. */
const message = (body: unknown, attempts = 1) => {
  const fates: string[] = []
  const delivery: Delivery = {
    body,
    attempts,
    sentAt: NOW,
    ack: () => {
      fates.push('ack')
    },
    retry: (seconds) => {
      fates.push(`retry in ${seconds} s`)
    },
  }
  return { delivery, fates }
}

/** A consumer that gives these outcomes, and what it saw. */
const consumerOf = (
  handle: (events: readonly DomainEvent[]) => Outcome[],
  changes: Partial<Consumer> = {},
) => {
  const handled: DomainEvent[][] = []
  const parked: DeadLetter[] = []
  const logged: unknown[] = []
  const consumer: Consumer = {
    name: 'inventory',
    defaultCurrency: 'USD',
    handle: async (events) => {
      handled.push([...events])
      return handle(events)
    },
    park: async (letters) => {
      parked.push(...letters)
    },
    chance: () => 0.999,
    log: (level, text, fields) => {
      logged.push([level, text, fields])
    },
    ...changes,
  }
  return { consumer, handled, parked, logged }
}

const allDone = () => consumerOf((events) => events.map(() => done))
const byType = (outcomes: Record<string, Outcome>) =>
  consumerOf((events) => events.map((event) => outcomes[event.type] ?? done))

const run = async (consumer: Consumer, ...messages: ReturnType<typeof message>[]) => {
  await consume(
    messages.map(({ delivery }) => delivery),
    consumer,
  )
  return messages.map(({ fates }) => fates)
}

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

describe('the tenth delivery', () => {
  const foreign = () => {
    const { client: _client, ...data } = orderPlacedEvent().data
    return { ...orderPlacedEvent(), data }
  }

  it('of an order from elsewhere, which nobody sends again, is parked with what stood in its way', async () => {
    const { consumer, parked } = byType({ OrderPlaced: RETRY })
    expect(await run(consumer, message(foreign(), 10))).toEqual([['ack']])
    expect(parked).toMatchObject([{ reason: 'retries_exhausted', error: 'busy', attempts: 10 }])
  })

  it('of what its owner sends again is left to the platform', async () => {
    const { consumer, parked } = byType({ OrderPlaced: RETRY, OrderConfirmed: RETRY })
    const bodies = [orderPlacedEvent(), orderConfirmedEvent()]
    expect(await run(consumer, ...bodies.map((body) => message(body, 10)))).toEqual([
      ['retry in 60 s'],
      ['retry in 60 s'],
    ])
    expect(parked).toEqual([])
  })

  it('that succeeds is nothing special', async () => {
    const { consumer, parked } = allDone()
    expect(await run(consumer, message(foreign(), 10))).toEqual([['ack']])
    expect(parked).toEqual([])
  })

  it('is not the ninth', async () => {
    const { consumer } = byType({ OrderPlaced: RETRY })
    expect(await run(consumer, message(foreign(), 9))).toEqual([['retry in 60 s']])
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

  it('with poison among ten messages parks that, and handles the nine', async () => {
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

describe('a handler', () => {
  it('that throws has every readable message delivered again', async () => {
    const { consumer } = consumerOf(() => {
      throw new Error('the database is away')
    })
    expect(await run(consumer, message(orderPlacedEvent()), message(orderConfirmedEvent()))).toEqual([
      ['retry in 2 s'],
      ['retry in 2 s'],
    ])
  })

  it('that throws still has the poison parked', async () => {
    const { consumer, parked } = consumerOf(() => {
      throw new Error('the database is away')
    })
    expect(await run(consumer, message(POISON), message(orderPlacedEvent()))).toEqual([
      ['ack'],
      ['retry in 2 s'],
    ])
    expect(parked).toHaveLength(1)
  })

  it('that forgets an outcome has that message delivered again', async () => {
    const { consumer } = consumerOf(() => [done])
    expect(await run(consumer, message(orderPlacedEvent()), message(orderConfirmedEvent()))).toEqual([
      ['ack'],
      ['retry in 2 s'],
    ])
  })
})

describe('where nothing can be parked', () => {
  const park = async () => {
    throw new Error('queue away')
  }

  it('poison comes again, and is not lost', async () => {
    const { consumer } = consumerOf((events) => events.map(() => done), { park })
    expect(await run(consumer, message(POISON), message(orderPlacedEvent()))).toEqual([
      ['retry in 2 s'],
      ['ack'],
    ])
  })

  it('an event that was refused for good comes again', async () => {
    const { consumer } = consumerOf((events) => events.map(() => PARK), { park })
    expect(await run(consumer, message(orderPlacedEvent()))).toEqual([['retry in 2 s']])
  })
})

describe('the log', () => {
  it('says what is parked, by its id and reason', async () => {
    const { consumer, logged } = byType({ OrderPlaced: PARK })
    await run(consumer, message(orderPlacedEvent()))
    expect(logged).toEqual([
      [
        'error',
        'event parked',
        {
          eventId: `${ORDER_ID}/OrderPlaced`,
          type: 'OrderPlaced',
          attempts: 1,
          reason: 'bank_refused',
          error: 'no: never',
        },
      ],
    ])
  })

  it('says what is to be retried, by its id and error', async () => {
    const { consumer, logged } = byType({ OrderPlaced: RETRY })
    await run(consumer, message(orderPlacedEvent(), 2))
    expect(logged).toEqual([
      [
        'warn',
        'event to be retried',
        { eventId: `${ORDER_ID}/OrderPlaced`, type: 'OrderPlaced', attempts: 2, error: 'busy' },
      ],
    ])
  })

  it('never says what is in an event', async () => {
    const { consumer, logged } = byType({ OrderPlaced: PARK })
    await run(consumer, message(orderPlacedEvent()), message(POISON))
    expect(JSON.stringify(logged)).not.toContain('pm_card_visa')
  })
})
