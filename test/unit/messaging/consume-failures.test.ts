import { describe, expect, it } from 'vitest'
import { done, type Outcome } from '../../../src/messaging/consume.ts'
import { ORDER_ID, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { allDone, byType, consumerOf, message, run } from '../../support/inbox.ts'

const RETRY: Outcome = { kind: 'retry', error: 'busy' }
const PARK: Outcome = { kind: 'park', reason: 'bank_refused', error: 'no: never' }
const POISON = { ...orderPlacedEvent(), type: 'OrderShipped' }

describe('the tenth delivery', () => {
  const foreign = () => {
    const { client: _client, ...data } = orderPlacedEvent().data
    return { ...orderPlacedEvent(), data }
  }

  it('of an order from elsewhere, which is not redelivered, is parked with the cause', async () => {
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

  it.each([
    [1, 'info'],
    [3, 'info'],
    [4, 'warn'],
    [9, 'warn'],
  ])(
    'says what is to be retried, by its id and error: of delivery %i at level %s',
    async (attempts, level) => {
      const { consumer, logged } = byType({ OrderPlaced: RETRY })
      await run(consumer, message(orderPlacedEvent(), attempts))
      expect(logged).toEqual([
        [
          level,
          'event to be retried',
          { eventId: `${ORDER_ID}/OrderPlaced`, type: 'OrderPlaced', attempts, error: 'busy' },
        ],
      ])
    },
  )

  it('never says what is in an event', async () => {
    const { consumer, logged } = byType({ OrderPlaced: PARK })
    await run(consumer, message(orderPlacedEvent()), message(POISON))
    expect(JSON.stringify(logged)).not.toContain('pm_card_visa')
  })
})
