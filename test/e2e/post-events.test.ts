import { CloudEvent, HTTP } from 'cloudevents'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
  await shop.stock('P002', 1_000)
})

afterAll(() => system.close())

const plain = (orderId: string, changes: object = {}) => ({
  eventType: 'OrderPlaced',
  orderId,
  items: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
  totalAmount: 150.0,
  timestamp: '2023-10-05T12:00:00Z',
  ...changes,
})

const cloudEvent = (
  orderId: string,
  { data = {}, ...attributes }: { data?: object; [attribute: string]: unknown } = {},
) => ({
  specversion: '1.0',
  id: `${orderId}/OrderPlaced`,
  source: '/webshop',
  type: 'OrderPlaced',
  schemaversion: 2,
  subject: orderId,
  time: '2023-10-05T12:00:00.000Z',
  data: {
    orderId,
    items: [{ productId: 'P001', quantity: 1, unitPrice: 50, amount: 50 }],
    totalAmount: 50,
    currency: 'USD',
    payment: { token: 'pm_card_visa' },
    customerId: 'cust_1',
    ...data,
  },
  ...attributes,
})

const STRUCTURED = { 'content-type': 'application/cloudevents+json' }
const BATCH = { 'content-type': 'application/cloudevents-batch+json' }

const publish = (body: unknown, headers?: Record<string, string>) => shop.post('/events', body, headers)
const refusal = (body: unknown, headers?: Record<string, string>) => shop.problem(publish(body, headers))
const isUnknown = async (orderId: string) => (await shop.call(`/orders/${orderId}`)).status === 404

describe('an event from outside', () => {
  it('of the plain version 1, taken verbatim, is an order like any other', async () => {
    const { status, body } = await publish(plain('12345'))
    expect({ status, body }).toEqual({ status: 202, body: { accepted: ['12345'] } })
    const order = await shop.settled('12345')
    expect(order).toMatchObject({ orderId: '12345', status: 'confirmed', currency: 'USD', totalAmount: 150 })
    expect(order.items[0]).toEqual({ productId: 'P001', quantity: 2, unitPrice: 50, amount: 100 })
    expect(await shop.bank('12345')).toMatchObject({ done: ['authorize', 'capture'], captured: 150 })
    expect((await shop.call('/payments/12345')).body).toMatchObject({ status: 'captured', amount: 150 })
  })

  it('runs its deadline on our clock, not on its own', async () => {
    const before = Date.now()
    await publish(plain('clock'))
    const { placedAt } = await shop.read('clock')
    expect(Date.parse(placedAt)).toBeGreaterThanOrEqual(before)
  })

  it.each([
    ['a CloudEvent', cloudEvent('ce-structured'), STRUCTURED],
    ['a CloudEvent as JSON', cloudEvent('ce-json'), undefined],
    ['version 1 in an envelope', cloudEvent('ce-v1', { schemaversion: 1 }), STRUCTURED],
    ['a CloudEvent whose version is text', cloudEvent('ce-text', { schemaversion: '2' }), STRUCTURED],
    [
      'a CloudEvent with attributes that are null',
      cloudEvent('ce-null', {
        ...{ subject: null, time: null, traceparent: null, dataschema: null, datacontenttype: null },
        data: { client: null },
      }),
      STRUCTURED,
    ],
    [
      'a CloudEvent of the last second of 2016',
      cloudEvent('ce-leap', { time: '2017-01-01t00:59:60.9999+01:00' }),
      STRUCTURED,
    ],
    ['a CloudEvent with no more than it must have', bare('ce-bare'), STRUCTURED],
    [
      'unknown fields everywhere',
      { ...cloudEvent('ce-more', { data: { colour: 'red' } }), colour: 'red' },
      STRUCTURED,
    ],
  ])('may be %s', async (_, event, headers) => {
    expect(await publish(event, headers)).toMatchObject({
      status: 202,
      body: { accepted: [event.data.orderId] },
    })
    expect(await shop.settled(event.data.orderId)).toMatchObject({ status: 'confirmed', totalAmount: 50 })
  })

  it('may come in binary mode', async () => {
    const { data, ...attributes } = cloudEvent('ce-binary')
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]),
    )
    expect(await publish(data, headers)).toMatchObject({ status: 202, body: { accepted: ['ce-binary'] } })
    expect(await refusal(data, { ...headers, 'ce-type': 'OrderShipped' })).toMatchObject({
      code: 'event_not_accepted',
      paths: ['/type'],
    })
  })

  it('has attributes in binary mode that are unquoted and percent-decoded, once', async () => {
    const { data } = cloudEvent('ce-decoded')
    const headers = {
      'ce-specversion': '"1.0"',
      'ce-type': 'Order%50laced',
      'ce-id': '"a \\"quoted\\" %E2%82%AC, %2541"',
      'ce-source': '/webshop',
      'ce-subject': 'ce%2Ddecoded',
      'ce-schemaversion': '%32',
    }
    expect(await publish(data, headers)).toMatchObject({ status: 202, body: { accepted: ['ce-decoded'] } })
    const { body } = await shop.call('/orders/ce-decoded/events')
    expect(body.events[0].causationid).toBe('a "quoted" €, %41')
  })

  it.each([
    ['ce-id', '%C0%A0'],
    ['ce-subject', '50%'],
    ['ce-source', '%FF'],
    ['ce-anyextension', '%ED%A0%80'],
    ['ce-time', '"2026-11-23T12:00:00Z'],
  ])('is refused in binary mode where a header does not decode: %s: %s', async (name, value) => {
    const { data } = cloudEvent('ce-broken')
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-type': 'OrderPlaced', 'ce-id': 'e1', 'ce-source': '/webshop' },
      [name]: value,
    }
    const path = `/${name.replace('ce-', '')}`
    expect(await refusal(data, headers)).toEqual({ status: 422, code: 'validation_failed', paths: [path] })
    expect(await isUnknown('ce-broken')).toBe(true)
  })

  it.each([
    ['one event', [cloudEvent('ce-shape')], STRUCTURED, /one event.*application\/cloudevents-batch\+json/],
    ['an array of events', cloudEvent('ce-shape'), BATCH, /array.*application\/cloudevents\+json/],
    ['an array of events', 7, BATCH, /array/],
  ])('is %s where its media type says so', async (_, body, headers, detail) => {
    expect(await publish(body, headers)).toMatchObject({
      status: 422,
      body: { code: 'event_not_accepted', detail: expect.stringMatching(detail) },
    })
    expect(await isUnknown('ce-shape')).toBe(true)
  })

  it.each([
    ['the plain version 1', plain('v1-euro', { currency: 'EUR' }), '/currency'],
    [
      'version 1 in an envelope',
      cloudEvent('v1-euro', { schemaversion: 1, data: { currency: 'EUR' } }),
      '/data/currency',
    ],
  ])('of version 1 is never charged in another currency than it names: %s', async (_, event, path) => {
    expect(await refusal(event)).toEqual({ status: 422, code: 'validation_failed', paths: [path] })
    expect(await isUnknown('v1-euro')).toBe(true)
  })

  it.each(['.', '..'])('is not taken under an id that no address can name: %s', async (orderId) => {
    const invalid = { status: 422, code: 'validation_failed' }
    expect(await refusal(plain(orderId))).toEqual({ ...invalid, paths: ['/orderId'] })
    expect(await refusal(cloudEvent(orderId))).toEqual({ ...invalid, paths: ['/data/orderId'] })
    const items = [{ productId: orderId, quantity: 1 }]
    expect(await refusal(plain('dots', { items }))).toEqual({ ...invalid, paths: ['/items/0/productId'] })
    const placed = shop.problem(shop.post('/orders', { items }))
    expect(await placed).toEqual({ ...invalid, paths: ['/items/0/productId'] })
  })

  it('says who pays, and for whom', async () => {
    const declined = {
      payment: { token: 'pm_card_chargeDeclined' },
      customerId: 'cust_9',
      client: 'somebody',
    }
    await publish(cloudEvent('declined', { data: declined }))
    expect(await shop.settled('declined')).toMatchObject({ status: 'rejected', customerId: 'cust_9' })
    const { body } = await shop.call('/orders/declined/events')
    expect(body.events[0].data).toMatchObject({ client: 'bootstrap', customerId: 'cust_9' })
  })

  it('is what its order was caused by, in the trace that it came with', async () => {
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await publish(cloudEvent('traced', { id: 'their-id', traceparent: trace }))
    const { body } = await shop.call('/orders/traced/events')
    expect(body.events[0]).toMatchObject({
      id: `${body.events[0].subject}/OrderPlaced`,
      causationid: 'their-id',
      traceparent: trace,
      hops: 0,
    })
    const sent = '00-11111111111111111111111111111111-b7ad6b7169203331-01'
    await publish(cloudEvent('traced-2', { traceparent: trace }), { traceparent: sent })
    const second = await shop.call('/orders/traced-2/events')
    expect(second.body.events[0].traceparent).toContain('11111111111111111111111111111111')
  })

  it('makes an order that can be listed, cancelled and refunded', async () => {
    await publish(cloudEvent('full-life', { data: { customerId: 'cust_life' } }))
    await shop.settled('full-life')
    const refunded = await shop.post('/payments/full-life/refunds', { amount: 20 })
    expect(refunded.status).toBe(202)
    expect((await shop.post('/orders/full-life/cancel', {})).status).toBe(202)
    expect(await shop.settled('full-life')).toMatchObject({ status: 'cancelled' })
    await eventually(
      () => shop.call('/orders?customerId=cust_life'),
      ({ body }) => body.items[0]?.settledAt !== undefined,
    )
    expect(await shop.bank('full-life')).toMatchObject({ captured: 50, refunded: 50 })
  })
})

describe('the same event again', () => {
  it('is the same order, also in another version and after the price has changed', async () => {
    await shop.stock('P-again', 10, 5)
    const items = [{ productId: 'P-again', quantity: 1 }]
    const event = plain('again', { items, totalAmount: 5 })
    await publish(event)
    const first = await shop.settled('again')
    await shop.call('/products/P-again', {
      method: 'PUT',
      body: { name: 'x', unitPrice: 6, currency: 'USD' },
    })
    const isDearer = () => refusal(plain(`dearer-${Date.now()}`, { items, totalAmount: 5 }))
    await eventually(isDearer, ({ code }) => code === 'price_mismatch', { withinMs: 10_000 })
    const version2 = { orderId: 'again', items, totalAmount: 5, currency: 'USD' }
    const { data: _data, ...envelope } = cloudEvent('again')
    for (const body of [
      event,
      { ...event, timestamp: '2024-01-01T00:00:00Z' },
      { ...envelope, data: version2 },
    ]) {
      expect(await publish(body)).toMatchObject({ status: 202, body: { accepted: ['again'] } })
    }
    expect(await shop.read('again')).toEqual(first)
  })

  it.each([
    ['other quantities', { items: [{ productId: 'P001', quantity: 2 }], totalAmount: 100 }],
    ['another token', { payment: { token: 'pm_sim_slow' } }],
    ['another customer', { customerId: 'cust_2' }],
    ['another total', { totalAmount: 51 }],
  ])('with %s is refused', async (_, data) => {
    await publish(cloudEvent('taken'))
    expect(await refusal(cloudEvent('taken', { data }))).toEqual({
      status: 409,
      code: 'order_id_taken',
      paths: ['/data/orderId'],
    })
  })

  it('twenty times at once is one order', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => publish(cloudEvent('twenty'))))
    expect(answers.map(({ status, body }) => [status, body.accepted])).toEqual(
      Array.from({ length: 20 }, () => [202, ['twenty']]),
    )
    await shop.settled('twenty')
    expect(await shop.bank('twenty')).toMatchObject({ done: ['authorize', 'capture'], captured: 50 })
  })
})

describe('a batch', () => {
  it('places all its orders', async () => {
    const ids = ['b-1', 'b-2', 'b-3', 'b-4', 'b-5']
    const batch = [...ids.map((id) => cloudEvent(id)), plain('b-6'), cloudEvent('b-1')]
    const { status, body } = await publish(batch, BATCH)
    expect({ status, body }).toEqual({ status: 202, body: { accepted: [...ids, 'b-6'] } })
    for (const id of [...ids, 'b-6']) expect(await shop.settled(id)).toMatchObject({ status: 'confirmed' })
  })

  it.each([
    ['an unknown type', { ...cloudEvent('x'), type: 'OrderConfirmed' }, 422, 'event_not_accepted', '/2/type'],
    ['a newer version', cloudEvent('x', { schemaversion: 3 }), 422, 'event_not_accepted', '/2/schemaversion'],
    [
      'another plain type',
      { ...plain('x'), eventType: 'OrderShipped' },
      422,
      'event_not_accepted',
      '/2/eventType',
    ],
    ['no event at all', 7, 422, 'event_not_accepted', '/2'],
    ['an id of ours', plain('ord_1'), 422, 'validation_failed', '/2/orderId'],
    ['an id too long', cloudEvent('x'.repeat(65)), 422, 'validation_failed', '/2/data/orderId'],
    ['no items', cloudEvent('x', { data: { items: [] } }), 422, 'validation_failed', '/2/data/items'],
    [
      'an unknown product',
      cloudEvent('x', { data: { items: [{ productId: 'NOPE', quantity: 1 }] } }),
      422,
      'unknown_product',
      '/2/data/items/0/productId',
    ],
    ['a wrong total', plain('x', { totalAmount: 149 }), 422, 'price_mismatch', '/2/totalAmount'],
    [
      'a wrong currency',
      cloudEvent('x', { data: { currency: 'EUR' } }),
      422,
      'price_mismatch',
      '/2/data/totalAmount',
    ],
    [
      'one that is taken',
      cloudEvent('whole', { data: { customerId: 'other' } }),
      409,
      'order_id_taken',
      '/2/data/orderId',
    ],
    ['another order under an id of its own', plain('w-1'), 409, 'order_id_taken', '/2/orderId'],
  ])('with %s places nothing', async (_, bad, ...[status, code, path]) => {
    await publish(cloudEvent('whole'))
    const batch = [cloudEvent('w-1'), cloudEvent('w-2'), bad, cloudEvent('w-3'), cloudEvent('w-4')]
    expect(await refusal(batch, BATCH)).toEqual({ status, code, paths: [path] })
    for (const id of ['w-1', 'w-2', 'w-3', 'w-4']) expect(await isUnknown(id)).toBe(true)
  })

  it('has at most 100 events', async () => {
    const batch = Array.from({ length: 101 }, (_, index) => plain(`many-${index}`))
    expect(await refusal(batch)).toEqual({ status: 422, code: 'validation_failed', paths: [''] })
  })

  it('may be empty', async () => {
    expect(await publish([], BATCH)).toMatchObject({ status: 202, body: { accepted: [] } })
  })
})

describe('an idempotency key', () => {
  const key = (name: string) => ({ 'idempotency-key': name })

  it('gets the first answer again, and does nothing for another body', async () => {
    const batch = [cloudEvent('k-1'), cloudEvent('k-2'), cloudEvent('k-3')]
    const first = await publish(batch, key('batch'))
    const second = await publish(batch, key('batch'))
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect([second.status, second.body]).toEqual([202, first.body])
    expect(await refusal(cloudEvent('k-4'), key('batch'))).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    })
    expect(await isUnknown('k-4')).toBe(true)
  })

  it('stays free when the event is refused', async () => {
    expect(await refusal(plain('free', { totalAmount: 1 }), key('free'))).toMatchObject({
      code: 'price_mismatch',
    })
    expect((await publish(plain('free'), key('free'))).status).toBe(202)
  })

  it('has one answer for twenty equal requests at once', async () => {
    const ask = () => publish([cloudEvent('kk-1'), cloudEvent('kk-2')], key('at-once'))
    const answers = await Promise.all(Array.from({ length: 20 }, ask))
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body])))).toEqual(
      new Set([JSON.stringify([202, { accepted: ['kk-1', 'kk-2'] }])]),
    )
  })
})

it('an order that an inbox knew before it was placed is another one, and uses up no id', async () => {
  await shop.stock('P-stranger', 10, 5)
  const event = plain('stranger', { items: [{ productId: 'P-stranger', quantity: 1 }], totalAmount: 5 })
  await system.send('inventory-inbox', event)
  const movements = () => shop.call('/inventory/P-stranger/movements')
  await eventually(movements, ({ body }) => body.items[0]?.kind === 'release', { withinMs: 20_000 })
  expect(await isUnknown('stranger')).toBe(true)
  expect((await publish(event)).status).toBe(202)
  expect(await shop.settled('stranger')).toMatchObject({ status: 'confirmed', totalAmount: 5 })
})

it.each([
  ['an id that no address can name', plain('..'), '/orderId: must be 1 to 64 of the characters'],
  ['a currency that version 1 does not know', plain('euro', { currency: 'EUR' }), '/currency: must be USD'],
])('an event on an inbox with %s is kept as a dead letter that says so', async (_, event, reason) => {
  for (const inbox of ['inventory-inbox', 'payment-inbox'] as const) {
    await system.send(inbox, [event])
    const letters = () => shop.call(`/dead-letters?queue=${inbox}`)
    const isTold = ({ error }: { error: string }) => error.startsWith(reason)
    const { body } = await eventually(letters, ({ body }) => body.items.some(isTold))
    expect(body.items.find(isTold)).toMatchObject({ reason: 'schema_broken', event })
  }
})

describe('another client', () => {
  it('with the scope places orders of its own, also under an id that another has used', async () => {
    const other = await openShopOf(system, 'other', ['events:write', 'orders:read'])
    await publish(cloudEvent('ours'))
    expect((await other.post('/events', cloudEvent('ours', { data: { customerId: 'cust_2' } }))).status).toBe(
      202,
    )
    expect(await other.settled('ours')).toMatchObject({ status: 'confirmed', customerId: 'cust_2' })
    expect((await shop.call('/orders/ours?client=bootstrap')).body).toMatchObject({ customerId: 'cust_1' })
  })

  it('without the scope places nothing', async () => {
    const reader = await openShopOf(system, 'reader', ['orders:read', 'orders:write'])
    expect(await reader.problem(reader.post('/events', cloudEvent('no-scope')))).toMatchObject({
      status: 403,
      code: 'forbidden',
    })
  })
})

describe('the cloudevents SDK', () => {
  const sdkEvent = (orderId: string) => {
    const { data } = cloudEvent(orderId)
    return new CloudEvent({ type: 'OrderPlaced', source: '/sdk', data })
  }

  it.each([
    ['structured', () => HTTP.structured(sdkEvent('sdk-structured')), ['sdk-structured']],
    ['binary', () => HTTP.binary(sdkEvent('sdk-binary')), ['sdk-binary']],
  ])('sends %s events that are taken', async (_, message, accepted) => {
    const { headers, body } = message()
    const response = await system.fetch('/events', {
      method: 'POST',
      headers: { ...(headers as Record<string, string>), authorization: 'Bearer test-admin-key' },
      body: String(body),
    })
    expect([response.status, await response.json()]).toEqual([202, { accepted }])
  })

  it('sends batches that are taken, and reads what we say of the orders', async () => {
    const batch = [sdkEvent('sdk-1'), sdkEvent('sdk-2')].map((event) => event.toJSON())
    expect(await publish(batch, BATCH)).toMatchObject({ status: 202 })
    await shop.settled('sdk-1')
    const { body } = await shop.call('/orders/sdk-1/events')
    const read = HTTP.toEvent({ headers: BATCH, body: JSON.stringify(body.events) }) as CloudEvent<unknown>[]
    expect(read.map((event) => [event.type, event.validate()])).toEqual(
      body.events.map(({ type }: { type: string }) => [type, true]),
    )
  })
})

it('finds its orders and keys again when there are more partitions', async () => {
  const ids = Array.from({ length: 8 }, (_, index) => `grown-${index}`)
  const ask = (id: string) => publish(cloudEvent(id), { 'idempotency-key': id })
  const first = await Promise.all(ids.map(ask))
  const grown = { vars: { ORDER_PARTITIONS: '2:1,5' } }
  await system.restart({ order: grown, payment: grown })
  const second = await Promise.all(ids.map(ask))
  expect(second.map(({ body }) => body)).toEqual(first.map(({ body }) => body))
  expect(second.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual(ids.map(() => 'true'))
  const unkeyed = await Promise.all(ids.map((id) => publish(cloudEvent(id))))
  expect(unkeyed.map(({ status }) => status)).toEqual(ids.map(() => 202))
  for (const id of ids) expect(await shop.settled(id)).toMatchObject({ status: 'confirmed' })
})

function bare(orderId: string) {
  const { schemaversion: _version, subject: _subject, time: _time, ...event } = cloudEvent(orderId)
  return event
}
