import { describe, expect, it } from 'vitest'
import { EVENTS_MAX, readExternalOrders } from '../../../src/contracts/external-order.ts'

const PLAIN = {
  eventType: 'OrderPlaced',
  orderId: '12345',
  items: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
  totalAmount: 150.0,
  timestamp: '2023-10-05T12:00:00Z',
}
const CONTENT = { orderId: PLAIN.orderId, items: PLAIN.items, totalAmount: 150 }
const DATA = { ...CONTENT, currency: 'EUR' }
/** An event without a currency means the deployment's, and says that it does. */
const IMPLIED = { currency: 'USD', isCurrencyImplied: true }
const EVENT = {
  specversion: '1.0',
  id: 'e1',
  source: '/shop',
  type: 'OrderPlaced',
  schemaversion: 2,
  data: DATA,
}

const read = (body: unknown) => readExternalOrders(body, 'USD')
const refusedFor = (body: unknown) => {
  const result = read(body)
  return result.ok ? [] : [result.reason.code, ...result.reason.errors.map(({ path }) => path)]
}

describe('what is taken', () => {
  it('is the plain version 1, in the currency of the deployment', () => {
    expect(read(PLAIN)).toEqual({ ok: true, value: [{ at: [], value: { ...CONTENT, ...IMPLIED } }] })
  })

  it('is a CloudEvent of version 2, with its currency, token, customer and trace', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const data = { ...DATA, payment: { token: 'pm_card_visa' }, customerId: 'cust_1' }
    const external = {
      ...DATA,
      paymentToken: 'pm_card_visa',
      customerId: 'cust_1',
      eventId: 'e1',
      traceparent,
    }
    expect(read({ ...EVENT, traceparent, data })).toEqual({
      ok: true,
      value: [{ at: ['data'], value: external }],
    })
  })

  it.each([1, '1'])('is version 1 inside an envelope, which has no currency: %j', (schemaversion) => {
    const told = { ...CONTENT, ...IMPLIED, eventId: 'e1' }
    expect(read({ ...EVENT, schemaversion, data: CONTENT })).toEqual({
      ok: true,
      value: [{ at: ['data'], value: told }],
    })
  })

  it.each([2, '2'])('is version 2, as a number or its digits: %j', (schemaversion) => {
    expect(read({ ...EVENT, schemaversion })).toEqual(read(EVENT))
  })

  it.each([['USD'], [null]])('is version 1 that names the default currency, or none: %j', (currency) => {
    expect(read({ ...PLAIN, currency })).toEqual(read(PLAIN))
    const version1 = { ...EVENT, schemaversion: 1, data: { ...CONTENT, currency } }
    expect(read(version1)).toEqual(read({ ...version1, data: CONTENT }))
  })

  it.each(['subject', 'time', 'traceparent', 'datacontenttype', 'dataschema', 'anyextension'])(
    'has an attribute that is null as one that is absent: %s',
    (name) => {
      expect(read({ ...EVENT, [name]: null })).toEqual(read(EVENT))
    },
  )

  it('has a schemaversion that is null as one that is absent', () => {
    expect(read({ ...EVENT, schemaversion: null, data: CONTENT })).toMatchObject({
      value: [{ value: { currency: 'USD' } }],
    })
    expect(read({ ...EVENT, schemaversion: null })).toEqual(read(EVENT))
    expect(read({ ...PLAIN, specversion: null })).toEqual(read(PLAIN))
  })

  it.each([[null], ['somebody'], [7], [{}]])('claims no client, whatever it says: %j', (client) => {
    expect(read({ ...EVENT, client, data: { ...DATA, client } })).toEqual(read(EVENT))
  })

  it.each(['2016-12-31T23:59:60Z', '2026-11-23t12:00:00.123456789z', '2026-11-23T12:00:00-00:00'])(
    'has any time of RFC 3339: %s',
    (time) => {
      expect(read({ ...EVENT, time })).toEqual(read(EVENT))
      expect(read({ ...PLAIN, timestamp: time })).toEqual(read(PLAIN))
    },
  )

  it('is read with a member __proto__ as with any other unknown member', () => {
    const proto = JSON.parse('{"__proto__":{"orderId":"stolen","type":"x"}}')
    expect(read({ ...EVENT, ...proto, data: { ...DATA, ...proto } })).toEqual(read(EVENT))
    expect(read(proto).ok).toBe(false)
  })

  it.each([
    ['version 2 where there is a currency', DATA, 'EUR'],
    ['version 1 where there is none', CONTENT, 'USD'],
  ])('is, of an event that does not say its version, %s', (_, data, currency) => {
    const { schemaversion: _version, ...event } = EVENT
    expect(read({ ...event, data })).toMatchObject({ value: [{ value: { currency } }] })
  })

  it('is read without unknown members, prices, and the client that it claims', () => {
    const items = DATA.items.map((item) => ({ ...item, unitPrice: 1, amount: 1, colour: 'red' }))
    const data = { ...DATA, items, client: 'somebody', colour: 'red' }
    const told = { ...DATA, eventId: 'e1' }
    expect(read({ ...EVENT, colour: 'red', data })).toEqual({
      ok: true,
      value: [{ at: ['data'], value: told }],
    })
    expect(read({ ...PLAIN, colour: 'red' })).toEqual(read(PLAIN))
  })

  it.each([
    '00-…',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    7,
  ])('has no trace where it cannot be read: %s', (traceparent) => {
    expect(read({ ...EVENT, traceparent })).toEqual(read(EVENT))
  })

  it('is each event of a batch, where it is', () => {
    const both = read([PLAIN, EVENT])
    expect(both.ok && both.value.map(({ at }) => at)).toEqual([[0], [1, 'data']])
  })
})

describe('what is not accepted', () => {
  it.each([
    [null, ''],
    [7, ''],
    ['OrderPlaced', ''],
    [{}, ''],
    [[[]], '/0'],
    [{ ...EVENT, specversion: '0.3' }, ''],
    [{ ...EVENT, type: 'OrderConfirmed' }, '/type'],
    [{ ...EVENT, type: 'OrderShipped' }, '/type'],
    [{ ...EVENT, schemaversion: 3 }, '/schemaversion'],
    [{ ...EVENT, schemaversion: 0 }, '/schemaversion'],
    [{ ...EVENT, schemaversion: 'two' }, '/schemaversion'],
    [{ ...EVENT, schemaversion: [2] }, '/schemaversion'],
    [{ ...EVENT, schemaversion: ['2'] }, '/schemaversion'],
    [{ ...EVENT, schemaversion: true }, '/schemaversion'],
    [{ ...EVENT, schemaversion: '' }, '/schemaversion'],
    [{ ...EVENT, schemaversion: ' 2' }, '/schemaversion'],
    [{ ...EVENT, schemaversion: '0x2' }, '/schemaversion'],
    [{ ...EVENT, schemaversion: '2.0' }, '/schemaversion'],
    [{ ...EVENT, schemaversion: 1.5 }, '/schemaversion'],
    [{ ...EVENT, specversion: null }, ''],
    [{ ...PLAIN, eventType: 'OrderShipped' }, '/eventType'],
    [[PLAIN, { ...PLAIN, totalAmount: -1 }, { ...EVENT, type: 'x' }], '/2/type'],
  ])('%j', (body, path) => {
    expect(refusedFor(body)).toEqual(['event_not_accepted', path])
  })
})

describe('what is broken', () => {
  it.each([
    [{ ...PLAIN, orderId: 'ord_0_01m844dzg00000000000000000' }, '/orderId'],
    [{ ...PLAIN, orderId: 'a/b' }, '/orderId'],
    [{ ...PLAIN, orderId: '.' }, '/orderId'],
    [{ ...PLAIN, orderId: '..' }, '/orderId'],
    [{ ...EVENT, data: { ...DATA, orderId: '..' } }, '/data/orderId'],
    [{ ...PLAIN, items: [{ productId: '.', quantity: 1 }] }, '/items/0/productId'],
    [{ ...EVENT, data: { ...DATA, items: [{ productId: '..', quantity: 1 }] } }, '/data/items/0/productId'],
    [{ ...PLAIN, currency: 'EUR' }, '/currency'],
    [{ ...PLAIN, currency: 7 }, '/currency'],
    [{ ...EVENT, schemaversion: 1 }, '/data/currency'],
    [{ ...EVENT, id: null }, '/id'],
    [{ ...EVENT, data: null }, '/data'],
    [{ ...EVENT, time: '2026-11-23T23:59:60Z' }, '/time'],
    [{ ...PLAIN, timestamp: 'yesterday' }, '/timestamp'],
    [{ ...PLAIN, items: [{ productId: 'P 1', quantity: 1 }] }, '/items/0/productId'],
    [{ ...EVENT, id: '' }, '/id'],
    [{ ...EVENT, time: 'yesterday' }, '/time'],
    [{ ...EVENT, subject: 'another' }, '/subject'],
    [{ ...EVENT, data: undefined }, '/data'],
    [{ ...EVENT, data: { ...DATA, currency: 'XXX' } }, '/data/currency'],
    [{ ...EVENT, data: { ...DATA, customerId: '' } }, '/data/customerId'],
    [{ ...EVENT, data: { ...DATA, payment: {} } }, '/data/payment/token'],
    [Array.from({ length: EVENTS_MAX + 1 }, () => PLAIN), ''],
  ])('%j', (body, path) => {
    expect(refusedFor(body)).toEqual(['validation_failed', path])
  })

  it('is named at every place of every event', () => {
    const items = [{ productId: 'P001', quantity: 0 }]
    expect(refusedFor([{ ...PLAIN, items }, EVENT, { ...EVENT, data: { ...DATA, items } }])).toEqual([
      'validation_failed',
      '/0/items/0/quantity',
      '/2/data/items/0/quantity',
    ])
  })
})
