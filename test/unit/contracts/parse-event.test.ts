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

  it('may have unknown fields', () => {
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

describe('version 1 of OrderPlaced that names a currency', () => {
  const { eventType: _type, timestamp: _time, ...DATA } = PLAIN
  const inEnvelope = (currency: unknown) => ({
    ...changed({ id: '12345/OrderPlaced', subject: '12345' }),
    schemaversion: 1,
    data: { ...DATA, currency },
  })

  it.each([['USD'], [null]])('is taken where that is the default one, or none: %j', (currency) => {
    for (const event of [{ ...PLAIN, currency }, inEnvelope(currency)]) {
      expect(read(event)).toMatchObject({ ok: true, value: { data: { currency: 'USD' } } })
    }
  })

  it.each([['EUR'], ['usd'], [''], [7], [{}]])('is refused where that is another one: %j', (currency) => {
    const detail = 'must be USD: version 1 knows no other currency. Send version 2'
    expect(reasonFor({ ...PLAIN, currency })).toEqual({
      code: 'schema_broken',
      detail: `/currency: ${detail}`,
    })
    expect(reasonFor(inEnvelope(currency))).toEqual({
      code: 'schema_broken',
      detail: `/data/currency: ${detail}`,
    })
  })
})

describe('an attribute', () => {
  it.each([
    'datacontenttype',
    'correlationid',
    'causationid',
    'traceparent',
    'client',
    'redriveid',
    'hops',
    'revision',
  ])('that is null counts as absent: %s', (name) => {
    const { [name]: _, ...absent }: Record<string, unknown> = changed({})
    expect(read(changed({ [name]: null }))).toEqual(read(absent))
  })

  it('that is null is missed where it has to be there', () => {
    expect(reasonFor(changed({ id: null }))?.detail).toContain('/id: ')
  })

  it('specversion that is null makes no CloudEvent of a plain event', () => {
    expect(read({ ...PLAIN, specversion: null, datacontenttype: null })).toEqual(read(PLAIN))
  })

  it('that is a whole number may be its digits', () => {
    expect(read(changed({ schemaversion: '2', revision: '1', hops: '0' }))).toEqual(read(orderPlacedEvent()))
    expect(reasonFor(changed({ schemaversion: '3' }))).toMatchObject({ code: 'newer_version' })
  })

  it.each([[[2]], [true], ['two'], ['02'], ['2.0'], [' 2'], ['0x2'], [''], [{}]])(
    'schemaversion is no %j',
    (schemaversion) => {
      expect(reasonFor(changed({ schemaversion }))).toMatchObject({ code: 'schema_broken' })
    },
  )

  it.each(['2026-11-23T13:00:00+01:00', '2026-11-23t12:00:00.0000000001z', '2026-11-23T12:00:00Z'])(
    'time is UTC with milliseconds inside: %s',
    (time) => {
      expect(read(changed({ time }))).toMatchObject({ ok: true, value: { time: '2026-11-23T12:00:00.000Z' } })
    },
  )

  it('timestamp of the plain version 1 is any time of RFC 3339', () => {
    const leap = read({ ...PLAIN, timestamp: '2016-12-31T23:59:60Z' })
    expect(leap).toMatchObject({ ok: true, value: { time: '2017-01-01T00:00:00.000Z' } })
  })

  it.each([
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
    'x'.repeat(65),
    7,
  ])('traceparent that cannot be read is none: %s', (traceparent) => {
    expect(read(changed({ traceparent }))).toEqual({ ok: true, value: orderPlacedEvent() })
  })

  it('traceparent of a later version is gone on with', () => {
    const later = 'cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like'
    expect(read(changed({ traceparent: later }))).toMatchObject({
      ok: true,
      value: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    })
  })
})

describe('an order that no address could name', () => {
  it.each(['.', '..', 'a/b', 'a b', '%2e', 'ä'])('is not taken from a queue: "%s"', (orderId) => {
    const detail = expect.stringMatching(/^\/(?:data\/)?orderId: must /)
    const event = orderPlacedEvent({ data: { orderId } })
    expect(reasonFor(event)).toMatchObject({ code: 'schema_broken', detail })
    expect(reasonFor({ ...PLAIN, orderId })).toMatchObject({ code: 'schema_broken', detail })
  })

  it.each(['.', '..'])('and was taken once is still answered, and let go of: "%s"', (orderId) => {
    for (const event of [
      orderConfirmedEvent({ data: { orderId } }),
      orderRejectedEvent({ data: { orderId } }),
      orderCancelledEvent({ data: { orderId } }),
      stockReserved({ data: { orderId } }),
      paymentAuthorized({ data: { orderId } }),
    ]) {
      expect(read(event)).toMatchObject({ ok: true })
    }
  })

  it.each(['.', '..'])('has no such product either: "%s"', (productId) => {
    expect(reasonFor({ ...PLAIN, items: [{ productId, quantity: 1 }] })).toEqual({
      code: 'schema_broken',
      detail: '/items/0/productId: must be 1 to 64 of the characters A–Z a–z 0–9 . _ -, and neither . nor ..',
    })
  })
})

describe('text with half of a surrogate pair', () => {
  it.each([
    [withData({ customerId: 'a\ud800' }), '/data/customerId'],
    [withData({ nobodyKnows: ['\udc00'] }), '/data/nobodyKnows/0'],
    [changed({ id: '\ud800' }), '/id'],
    [changed({ type: 'Order\ud800' }), '/type'],
    [{ ...PLAIN, orderId: '\ud800' }, '/orderId'],
  ])('is refused: %j', (event, path) => {
    expect(reasonFor(event)).toEqual({
      code: 'schema_broken',
      detail: `${path}: has half of a surrogate pair, which is no character`,
    })
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
  it('may have unknown fields, which are dropped', () => {
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

  it('is refused for its version before its data are read', () => {
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
