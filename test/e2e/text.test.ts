import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: SharedSystem
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await sharedSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

const ORDER = '{"items":[{"productId":"P001","quantity":1}],"customerId":"?"}'

/** The text as UTF-8, with these bytes in the place of its question mark. */
const withBytes = (text: string, ...bytes: number[]): Buffer => {
  const [before = '', after = ''] = text.split('?')
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
}

const send = async (
  path: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
  method = 'POST',
) => {
  const response = await system.fetch(path, {
    method,
    body,
    headers: { authorization: 'Bearer test-admin-key', 'content-type': 'application/json', ...headers },
  })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}
const refusal = (...request: Parameters<typeof send>) => shop.problem(send(...request))
const orders = async () => (await shop.call('/orders')).body.items.length

describe('a body that is no UTF-8', () => {
  it.each([
    ['a byte that no text has', [0xff]],
    ['a letter of Latin-1', [0xe9]],
    ['a character that is cut', [0xe2, 0x82]],
    ['an overlong letter', [0xc1, 0xa1]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['more than Unicode has', [0xf4, 0x90, 0x80, 0x80]],
  ])('is refused: %s', async (_, bytes) => {
    const before = await orders()
    expect(await refusal('/orders', withBytes(ORDER, ...bytes))).toEqual({
      status: 400,
      code: 'malformed_json',
      paths: [],
    })
    expect(await orders()).toBe(before)
  })

  it('makes no two customers one order under one key', async () => {
    const key = { 'idempotency-key': 'two-customers' }
    for (const byte of [0xff, 0xfe]) {
      expect(await refusal('/orders', withBytes(ORDER, byte), key)).toMatchObject({ status: 400 })
    }
    expect((await send('/orders', ORDER, key)).status).toBe(202)
  })

  it.each([
    ['POST', '/events', '{"eventType":"OrderPlaced","orderId":"bytes?"}'],
    ['POST', '/events', '[{"eventType":"?"}]'],
    ['PUT', '/products/BYTES', '{"name":"?","unitPrice":1,"currency":"USD"}'],
    ['POST', '/inventory/P001/adjustments', '{"delta":1,"reason":"?"}'],
    ['POST', '/keys', '{"client":"?","scopes":["orders:read"]}'],
    ['POST', '/webhooks', '{"url":"http://127.0.0.1:9/?","types":["OrderSettled"]}'],
    ['PATCH', '/webhooks/wh_1', '{"url":"?"}'],
  ])('is refused by every call: %s %s %s', async (method, path, text) => {
    const refused = await refusal(path, withBytes(text, 0xff), {}, method)
    expect(refused).toMatchObject({ status: 400, code: 'malformed_json' })
  })

  it('may begin with a byte order mark, which says nothing', async () => {
    const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(ORDER)])
    const { status, body: order } = await send('/orders', body)
    expect([status, order.customerId]).toEqual([202, '?'])
    const twice = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])
    expect(await refusal('/orders', twice)).toMatchObject({ status: 400, code: 'malformed_json' })
  })
})

describe('a body that is encoded', () => {
  it.each([
    ['gzip', gzipSync(ORDER)],
    ['gzip', ORDER],
    ['br', ORDER],
    ['identity, deflate', ORDER],
    ['utf-8', ORDER],
  ])('is refused, with the way to send it: %s', async (encoding, body) => {
    const refused = await send('/orders', body, { 'content-encoding': encoding })
    expect(refused).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    expect(refused.body.detail).toContain('Content-Encoding')
    expect(refused.headers.get('accept-encoding')).toBe('identity')
  })

  it.each(['identity', 'Identity', ''])('is none where it says "%s"', async (encoding) => {
    expect((await send('/orders', ORDER, { 'content-encoding': encoding })).status).toBe(202)
  })
})

describe('text with half of a surrogate pair', () => {
  const HALF = '\\ud800'
  it.each([
    [
      'POST',
      '/orders',
      `{"items":[{"productId":"P001","quantity":1}],"customerId":"${HALF}"}`,
      '/customerId',
    ],
    ['POST', '/orders', `{"items":[{"productId":"P001","quantity":1}],"reference":"a\\udc00"}`, '/reference'],
    [
      'POST',
      '/orders',
      `{"items":[{"productId":"P001","quantity":1}],"metadata":{"a":"${HALF}"}}`,
      '/metadata/a',
    ],
    [
      'POST',
      '/orders',
      `{"items":[{"productId":"P001","quantity":1}],"metadata":{"${HALF}":"a"}}`,
      '/metadata/\ufffd',
    ],
    [
      'POST',
      '/orders',
      `{"items":[{"productId":"P001","quantity":1}],"payment":{"token":"${HALF}"}}`,
      '/payment/token',
    ],
    ['POST', '/orders/12345/cancel', `{"reason":"${HALF}"}`, '/reason'],
    ['POST', '/payments/12345/refunds', `{"reason":"${HALF}"}`, '/reason'],
    ['PUT', '/products/HALF', `{"name":"${HALF}","unitPrice":1,"currency":"USD"}`, '/name'],
    ['POST', '/inventory/P001/adjustments', `{"delta":1,"reason":"${HALF}"}`, '/reason'],
    ['POST', '/keys', `{"client":"${HALF}","scopes":["orders:read"]}`, '/client'],
    ['POST', '/dead-letters/dl_1/discard', `{"reason":"${HALF}"}`, '/reason'],
    ['POST', '/webhooks', `{"url":"http://127.0.0.1:9/${HALF}","types":["OrderSettled"]}`, '/url'],
    ['POST', '/events', `{"eventType":"OrderPlaced","orderId":"1","colour":"${HALF}"}`, '/colour'],
    ['POST', '/events', `[{},{"specversion":"1.0","data":{"customerId":"${HALF}"}}]`, '/1/data/customerId'],
  ])('is refused where it is: %s %s %s', async (method, path, body, place) => {
    expect(await refusal(path, body, {}, method)).toEqual({
      status: 422,
      code: 'validation_failed',
      paths: [place],
    })
  })

  it('is no fault where the other half is there', async () => {
    const metadata = '{"\\ud83d\\ude00":"\\ud83d\\udc4d"}'
    const { status, body } = await send('/orders', `${ORDER.slice(0, -1)},"metadata":${metadata}}`)
    expect([status, body.metadata]).toEqual([202, { '😀': '👍' }])
  })
})

describe('a query', () => {
  it.each(['%ff', '%ED%A0%80', 'a%C3', '%C0%A0b'])(
    'that is no UTF-8 is refused where it is: %s',
    async (value) => {
      const invalid = { status: 422, code: 'validation_failed' }
      for (const name of ['customerId', 'reference']) {
        const refused = await shop.problem(shop.call(`/orders?limit=1&${name}=${value}`))
        expect(refused).toEqual({ ...invalid, paths: [`/${name}`] })
      }
      expect(await shop.problem(shop.call(`/products?cursor=${value}`))).toEqual({
        ...invalid,
        paths: ['/cursor'],
      })
    },
  )

  it.each(['caf%C3%A9', '50%', '%zz', '%F0%9F%98%80', 'a+b'])('that is text is taken: %s', async (value) => {
    expect((await shop.call(`/orders?customerId=${value}`)).status).toBe(200)
  })

  it.each(['__proto__', 'constructor', 'toString'])('knows no %s', async (name) => {
    const refused = await shop.problem(shop.call(`/orders?${name}=1`))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: [`/${name}`] })
  })
})

describe('a member that is named __proto__', () => {
  const orderWith = (members: string) => `{"items":[{"productId":"P001","quantity":1}],${members}}`
  const metadataOf = (text: string) => /"metadata":(\{[^}]*\})/.exec(text)?.[1]

  it('is metadata like any other, everywhere', async () => {
    const metadata = '{"a":"1","__proto__":"2","constructor":"3"}'
    const { status, body } = await send('/orders', orderWith(`"metadata":${metadata},"reference":"proto"`))
    expect([status, JSON.stringify(body.metadata)]).toEqual([202, metadata])
    const read = async (path: string) => metadataOf(JSON.stringify((await shop.call(path)).body))
    expect(await read(`/orders/${body.orderId}`)).toBe(metadata)
    await expect.poll(() => read('/orders?reference=proto'), { timeout: 20_000 }).toBe(metadata)
    expect(await send('/orders', orderWith(`"metadata":{"__proto__":"${'x'.repeat(500)}"}`))).toMatchObject({
      status: 202,
    })
  })

  it('makes another body of it', async () => {
    const key = { 'idempotency-key': 'proto' }
    expect((await send('/orders', orderWith('"metadata":{"__proto__":"1"}'), key)).status).toBe(202)
    expect(await refusal('/orders', orderWith('"metadata":{"__proto__":"2"}'), key)).toMatchObject({
      code: 'idempotency_key_reused',
    })
  })

  it.each([
    ['no text', '"metadata":{"__proto__":{"a":"1"}}', '/metadata/__proto__'],
    ['too long', `"metadata":{"__proto__":"${'x'.repeat(501)}"}`, '/metadata/__proto__'],
    ['no field of an order', '"__proto__":{"totalAmount":50}', '/__proto__'],
    ['no field of a payment', '"payment":{"token":"t","__proto__":1}', '/payment/__proto__'],
  ])('is checked: %s', async (_, members, path) => {
    expect(await refusal('/orders', orderWith(members))).toEqual({
      status: 422,
      code: 'validation_failed',
      paths: [path],
    })
  })

  it('counts as one of fifty', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `"m${index}":"1"`).join(',')
    expect(await refusal('/orders', orderWith(`"metadata":{${many},"__proto__":"1"}`))).toMatchObject({
      status: 422,
      paths: ['/metadata'],
    })
  })

  it.each([
    ['POST', '/inventory/P001/adjustments', '{"delta":1,"__proto__":{"reason":"x"}}'],
    ['PUT', '/products/PROTO', '{"name":"a","unitPrice":1,"currency":"USD","__proto__":{}}'],
    ['POST', '/keys', '{"client":"a","scopes":["orders:read"],"__proto__":{"scopes":["operations"]}}'],
    ['POST', '/dead-letters/redrive', '{"__proto__":{"limit":1}}'],
    ['POST', '/webhooks', '{"url":"http://127.0.0.1:9/","types":["OrderSettled"],"__proto__":1}'],
  ])('is no field of %s %s', async (method, path, body) => {
    expect(await refusal(path, body, {}, method)).toEqual({
      status: 422,
      code: 'validation_failed',
      paths: ['/__proto__'],
    })
  })
})
