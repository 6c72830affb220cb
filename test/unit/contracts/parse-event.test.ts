import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../src/contracts/parse-event.ts'
import {
  authorizationOverdueEvent,
  factNoted,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentFailed,
  paymentRefunded,
  paymentVoided,
  productChangedEvent,
  refundRequestedEvent,
  reservationOverdueEvent,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'

const PLAIN = {
  eventType: 'OrderPlaced',
  orderId: '12345',
  items: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
  totalAmount: 150,
  timestamp: '2023-10-05T12:00:00Z',
}

const read = (value: unknown) => parseEvent(value, 'USD')
const reasonFor = (value: unknown) => {
  const parsed = read(value)
  return parsed.ok ? undefined : parsed.reason
}
const changed = (change: Record<string, unknown>) => ({ ...orderPlacedEvent(), ...change })
const withData = (change: Record<string, unknown>) =>
  changed({ data: { ...orderPlacedEvent().data, ...change } })

describe('an event of ours', () => {
  it.each([
    orderPlacedEvent(),
    orderConfirmedEvent(),
    orderRejectedEvent(),
    orderRejectedEvent({ data: { items: [], totalAmount: 0 } }),
    orderCancelledEvent(),
    stockReserved(),
    stockCommitted(),
    stockReleased(),
    stockRejected(),
    paymentAuthorized(),
    paymentDeclined(),
    paymentCaptured(),
    paymentFailed(),
    paymentVoided(),
    paymentRefunded(),
    refundRequestedEvent('rf_1'),
    reservationOverdueEvent(),
    authorizationOverdueEvent(),
    paymentCaptured({ data: { stuck: { code: 'no', detail: 'Never.' } } }),
    productChangedEvent(),
    factNoted('P001', ['P001/ProductChanged/1']),
  ])('comes through JSON as it was: $type', (event) => {
    expect(read(JSON.parse(JSON.stringify(event)))).toEqual({ ok: true, value: event })
  })
})

describe('version 1 of OrderPlaced', () => {
  const upcast = {
    type: 'OrderPlaced',
    schemaversion: 2,
    subject: '12345',
    data: { orderId: '12345', items: PLAIN.items, totalAmount: 150, currency: 'USD' },
  }

  it('is taken as it stands', () => {
    expect(read(PLAIN)).toMatchObject({ ok: true, value: upcast })
  })

  it('is taken inside an envelope', () => {
    const { eventType: _type, timestamp: _time, ...data } = PLAIN
    const event = { ...changed({ id: '12345/OrderPlaced', subject: '12345' }), schemaversion: 1, data }
    expect(read(event)).toMatchObject({ ok: true, value: upcast })
  })

  it('is in the default currency', () => {
    const parsed = parseEvent({ ...PLAIN, totalAmount: 1.234 }, 'KWD')
    expect(parsed).toMatchObject({ ok: true, value: { data: { currency: 'KWD', totalAmount: 1.234 } } })
  })

  it('is refused where its total is no amount of the default currency', () => {
    expect(parseEvent({ ...PLAIN, totalAmount: 0.5 }, 'JPY')).toEqual({
      ok: false,
      reason: { code: 'schema_broken', detail: '/data/totalAmount: is not an amount of the currency' },
    })
  })

  it('may have fields that nobody knows', () => {
    expect(read({ ...PLAIN, shop: 7 })).toMatchObject({ ok: true, value: { data: upcast.data } })
  })

  it('is refused with the path of what is wrong', () => {
    expect(reasonFor({ ...PLAIN, items: [{ productId: 'P001', quantity: 0 }] })).toEqual({
      code: 'schema_broken',
      detail: '/items/0/quantity: Too small: expected number to be >=1',
    })
  })

  it.each(['OrderConfirmed', 'orderPlaced', ''])('has no other plain event beside it: "%s"', (eventType) => {
    expect(reasonFor({ ...PLAIN, eventType })).toMatchObject({ code: 'schema_broken' })
  })
})

describe('an event whose data is about something else than its subject', () => {
  it.each([
    orderPlacedEvent(),
    orderConfirmedEvent(),
    stockReserved(),
    paymentAuthorized(),
    refundRequestedEvent('rf_1'),
    productChangedEvent(),
  ])('is refused: $type', (event) => {
    expect(reasonFor({ ...event, subject: 'another' })).toEqual({
      code: 'schema_broken',
      detail: `/subject: is "another", but its data is about "${event.subject}"`,
    })
  })

  it('is refused in version 1 too', () => {
    const { eventType: _type, timestamp: _time, ...data } = PLAIN
    const event = { ...changed({ id: '12345/OrderPlaced', subject: '1234' }), schemaversion: 1, data }
    expect(reasonFor(event)).toMatchObject({ code: 'schema_broken' })
  })
})

describe('an event from elsewhere', () => {
  it('may have fields that nobody knows, which are dropped', () => {
    const event = { ...withData({ shop: 7 }), tenant: 'x' }
    expect(read(event)).toEqual({ ok: true, value: orderPlacedEvent() })
  })

  it('counts as the beginning of a chain when it says nothing of hops and revision', () => {
    const { hops: _hops, revision: _revision, ...event } = orderPlacedEvent()
    expect(read(event)).toMatchObject({ ok: true, value: { hops: 0, revision: 0 } })
  })

  it('is refused when its type is unknown', () => {
    expect(reasonFor(changed({ type: 'OrderShipped' }))).toEqual({
      code: 'unknown_type',
      detail: 'No event of type "OrderShipped" is known here.',
    })
  })

  it.each(['constructor', '__proto__', 'toString'])('is refused when its type is "%s"', (type) => {
    expect(reasonFor(changed({ type }))).toMatchObject({ code: 'unknown_type' })
  })

  it('is refused when its version is newer than ours', () => {
    expect(reasonFor(changed({ schemaversion: 3 }))).toEqual({
      code: 'newer_version',
      detail: 'OrderPlaced has version 3; this consumer knows up to 2.',
    })
  })

  it('is refused for its version before anybody looks into its data', () => {
    expect(reasonFor(changed({ schemaversion: 3, data: 'new shape' }))).toMatchObject({
      code: 'newer_version',
    })
  })

  it('is taken at the limit of hops', () => {
    expect(read(changed({ hops: 16 }))).toMatchObject({ ok: true })
  })

  it('is refused past the limit of hops', () => {
    expect(reasonFor(changed({ hops: 17 }))).toEqual({
      code: 'hop_limit',
      detail: '17 events caused each other; 16 is the limit.',
    })
  })
})

describe('a broken event is refused with the path of each fault', () => {
  it.each([
    ['a missing id', changed({ id: undefined }), '/id: '],
    ['an empty subject', changed({ subject: '' }), '/subject: '],
    ['another specversion', changed({ specversion: '0.3' }), '/specversion: '],
    ['a time that is none', changed({ time: 'yesterday' }), '/time: '],
    ['negative hops', changed({ hops: -1 }), '/hops: '],
    ['a fraction of a version', changed({ schemaversion: 1.5 }), '/schemaversion: '],
    ['missing data', changed({ data: undefined }), '/data'],
    ['no items', withData({ items: [] }), '/data/items: '],
    [
      'a hundred and one items',
      withData({ items: Array.from({ length: 101 }, () => ({ productId: 'P001', quantity: 1 })) }),
      '/data/items: ',
    ],
    [
      'a product id with a space',
      withData({ items: [{ productId: 'P 1', quantity: 1 }] }),
      '/data/items/0/productId: ',
    ],
    ['half a piece', withData({ items: [{ productId: 'P001', quantity: 0.5 }] }), '/data/items/0/quantity: '],
    [
      'too many pieces',
      withData({ items: [{ productId: 'P001', quantity: 10_001 }] }),
      '/data/items/0/quantity: ',
    ],
    ['a negative total', withData({ totalAmount: -1 }), '/data/totalAmount: '],
    [
      'a total with too many decimals',
      withData({ totalAmount: 1.005 }),
      '/data/totalAmount: is not an amount of the currency',
    ],
    ['a total as text', withData({ totalAmount: '150.00' }), '/data/totalAmount: '],
    ['an unknown currency', withData({ currency: 'XXX' }), '/data/currency: is not an active ISO 4217'],
    ['an empty token', withData({ payment: { token: '' } }), '/data/payment/token: '],
  ])('%s', (_, event, path) => {
    const reason = reasonFor(event)
    expect(reason).toMatchObject({ code: 'schema_broken' })
    expect(reason?.detail).toContain(path)
  })

  it.each([[null], [undefined], [7], ['OrderPlaced'], [true], [[]], [{}], [[orderPlacedEvent()]]])(
    'what is no event at all: %j',
    (value) => {
      expect(reasonFor(value)).toMatchObject({ code: 'schema_broken' })
    },
  )

  it('tells five faults at most', () => {
    expect(reasonFor({})?.detail.split('; ')).toHaveLength(5)
  })
})
