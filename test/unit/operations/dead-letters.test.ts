import { describe, expect, it } from 'vitest'
import {
  type DeadMessage,
  identityOf,
  ownerOf,
  redriven,
  shownEvent,
  sortDeadMessage,
} from '../../../src/operations/dead-letters.ts'
import { ORDER_ID, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'

const SENT_AT = '2026-11-23T12:00:00.000Z'
const LETTER = {
  consumer: 'payment',
  reason: 'bank_refused',
  error: 'closed: The account is closed.',
  attempts: 1,
  firstSeenAt: SENT_AT,
  event: orderConfirmedEvent(),
} as const
const FOREIGN = {
  eventType: 'OrderPlaced',
  orderId: '12345',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 150,
  timestamp: '2023-10-05T12:00:00Z',
}
const sorted = (body: unknown) => {
  const message: DeadMessage = { consumer: 'inventory', body, attempts: 11, sentAt: SENT_AT }
  return sortDeadMessage(message, 'USD')
}

describe('what lies on a dead-letter queue', () => {
  it('is a letter where the consumer wrote one', () => {
    expect(sorted(LETTER)).toEqual({ letters: [LETTER], exhausted: [] })
  })

  it('is counted and not kept where its owner sends it again', () => {
    expect(sorted([orderPlacedEvent(), orderConfirmedEvent()])).toEqual({
      letters: [],
      exhausted: [
        { consumer: 'inventory', type: 'OrderPlaced' },
        { consumer: 'inventory', type: 'OrderConfirmed' },
      ],
    })
  })

  it('is kept where it is not redelivered', () => {
    expect(sorted(FOREIGN)).toEqual({
      letters: [
        {
          consumer: 'inventory',
          reason: 'retries_exhausted',
          error: 'It was delivered as often as its queue allows.',
          attempts: 11,
          firstSeenAt: SENT_AT,
          event: FOREIGN,
        },
      ],
      exhausted: [],
    })
  })

  it.each([null, 'poison', { type: 'OrderShipped' }])('is kept where it cannot be read: %j', (event) => {
    expect(sorted([event])).toMatchObject({
      letters: [{ reason: 'schema_broken', event }],
      exhausted: [],
    })
  })

  it('is read where it is text', () => {
    expect(sorted(JSON.stringify([orderPlacedEvent(), FOREIGN]))).toMatchObject({
      letters: [{ reason: 'retries_exhausted', event: FOREIGN }],
      exhausted: [{ consumer: 'inventory', type: 'OrderPlaced' }],
    })
  })

  it.each(['poison', '[{"id":'])('is kept where it is text without JSON: %j', (text) => {
    expect(sorted(text)).toMatchObject({
      letters: [{ reason: 'schema_broken', event: text, attempts: 11, firstSeenAt: SENT_AT }],
      exhausted: [],
    })
  })

  it('is read where a consumer of an earlier release parked a text that it could not read', () => {
    const event = JSON.stringify([orderPlacedEvent(), FOREIGN])
    expect(sorted({ ...LETTER, reason: 'schema_broken', event })).toMatchObject({
      letters: [{ consumer: 'payment', reason: 'retries_exhausted', event: FOREIGN }],
      exhausted: [{ consumer: 'payment', type: 'OrderPlaced' }],
    })
  })

  it.each(['no JSON', '[]'])('is a letter where its text holds no event: %s', (event) => {
    expect(sorted({ ...LETTER, event })).toEqual({ letters: [{ ...LETTER, event }], exhausted: [] })
  })

  it('is kept event by event', () => {
    const { letters, exhausted } = sorted([FOREIGN, orderConfirmedEvent(), 'poison'])
    expect([letters.map(({ reason }) => reason), exhausted.length]).toEqual([
      ['retries_exhausted', 'schema_broken'],
      1,
    ])
  })
})

describe('what an event says of itself', () => {
  it.each([
    [
      'an event of ours',
      orderPlacedEvent(),
      { eventId: `${ORDER_ID}/OrderPlaced`, source: '/order', orderId: ORDER_ID },
    ],
    ['the plain version 1', FOREIGN, { orderId: '12345' }],
    ['an event with broken data', { id: 'x', subject: 's', data: 7 }, { eventId: 'x', orderId: 's' }],
    ['nothing', null, {}],
    ['a text', 'poison', {}],
    // What is stored has a replacement character there: two events would be one letter.
    ['an id that cannot be stored', { id: '\ud800', subject: 's\ud800', orderId: 's' }, { orderId: 's' }],
    ['numbers where texts belong', { id: 7, source: 7, subject: 8, orderId: 9, data: { orderId: 10 } }, {}],
  ])('%s', (_, event, identity) => {
    expect(identityOf(event)).toEqual(identity)
  })
})

describe('an event that is driven again', () => {
  it('keeps its id and all it says', () => {
    expect(redriven({ reason: 'schema_broken', event: FOREIGN }, 'rd_1')).toBe(FOREIGN)
  })

  it('begins its chain anew where that was too long', () => {
    const event = { ...orderConfirmedEvent(), hops: 17 }
    expect(redriven({ reason: 'hop_limit', event }, 'rd_1')).toEqual({ ...event, hops: 0, redriveid: 'rd_1' })
  })

  it('says that a person had it sent again, this time', () => {
    const event = { ...orderConfirmedEvent(), redriveid: 'rd_1' }
    expect(redriven({ reason: 'bank_refused', event }, 'rd_2')).toEqual({ ...event, redriveid: 'rd_2' })
  })

  it.each([null, 7, 'text'])('goes as it came where it is nothing: %s', (event) => {
    expect(redriven({ reason: 'schema_broken', event }, 'rd_1')).toBe(event)
  })
})

describe('whose order a letter is about', () => {
  const ownerOfEvent = (event: unknown) => ownerOf(JSON.stringify(event))

  it('is said by the envelope, with what the client calls the order', () => {
    const event = orderConfirmedEvent({ owner: { client: 'shop', externalid: '12345' } })
    expect(ownerOfEvent(event)).toEqual({ client: 'shop', orderId: '12345' })
  })

  it('is said by the data of events of earlier versions', () => {
    expect(ownerOfEvent(orderPlacedEvent())).toEqual({ client: 'shop' })
  })

  it.each([[FOREIGN], [null], ['text'], [{ client: 7, externalid: {}, data: 'text' }]])(
    'is not known from %j',
    (event) => {
      expect(ownerOfEvent(event)).toEqual({})
    },
  )
})

describe('what operators see of an event', () => {
  it('is all of it but its payment token, however broken it is', () => {
    const broken = {
      id: 'e1',
      data: { orderId: 'o1', payment: { token: 'pm_card_visa' } },
      more: [{ token: 1 }],
    }
    const shown = { id: 'e1', data: { orderId: 'o1', payment: {} }, more: [{}] }
    expect(shownEvent(JSON.stringify(broken))).toEqual(shown)
    const text = `[${JSON.stringify(broken)},{"token":"pm_bro`
    expect(JSON.stringify(shownEvent(JSON.stringify(text)))).not.toContain('pm_')
    expect(['text', null, 7, []].map((event) => shownEvent(JSON.stringify(event)))).toEqual([
      'text',
      null,
      7,
      [],
    ])
  })
})
