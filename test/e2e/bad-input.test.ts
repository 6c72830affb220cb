import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
  await shop.call('/products/EURO', { method: 'PUT', body: { name: 'Euro', unitPrice: 1, currency: 'EUR' } })
  await shop.call('/products/HUGE', {
    method: 'PUT',
    body: { name: 'Huge', unitPrice: 9_999_999_999_999.99, currency: 'USD' },
  })
  await shop.stock('P002', 0)
})

afterAll(() => system.close())

const line = { productId: 'P001', quantity: 1 }
const withQuantity = (quantity: unknown) => ({ items: [{ productId: 'P001', quantity }] })

describe('an order that is not valid is refused where it is wrong, and leaves nothing behind', () => {
  it.each([
    ['quantity 0', withQuantity(0), '/items/0/quantity'],
    ['quantity -1', withQuantity(-1), '/items/0/quantity'],
    ['quantity 0.5', withQuantity(0.5), '/items/0/quantity'],
    ['quantity "2"', withQuantity('2'), '/items/0/quantity'],
    ['quantity 1e9', withQuantity(1e9), '/items/0/quantity'],
    ['quantity null', withQuantity(null), '/items/0/quantity'],
    ['no lines', { items: [] }, '/items'],
    ['101 lines', { items: Array.from({ length: 101 }, () => line) }, '/items'],
    ['no items', {}, '/items'],
    ['an unknown field', { items: [line], price: 1 }, '/price'],
    ['an unknown field of a line', { items: [{ ...line, unitPrice: 1 }] }, '/items/0/unitPrice'],
    ['a field with a slash', { items: [line], 'a/b': 1 }, '/a~1b'],
    ['a product id with a space', { items: [{ ...line, productId: 'P 1' }] }, '/items/0/productId'],
    ['a currency that is none', { items: [line], currency: 'ABC' }, '/currency'],
    ['a negative total', { items: [line], totalAmount: -1 }, '/totalAmount'],
    ['metadata that is no text', { items: [line], metadata: { a: 1 } }, '/metadata/a'],
    ['a list', [], ''],
    ['null', null, ''],
  ])('%s', async (_, body, path) => {
    const refused = await shop.problem(shop.post('/orders', body))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: [path] })
  })

  it.each([
    ['a price of one cent', { items: [line], totalAmount: 0.01 }, 'price_mismatch'],
    ['a total in another currency', { items: [line], totalAmount: 50, currency: 'EUR' }, 'price_mismatch'],
    [
      'a product that the catalogue lacks',
      { items: [{ productId: 'NOPE', quantity: 1 }] },
      'unknown_product',
    ],
    ['two currencies', { items: [line, { productId: 'EURO', quantity: 1 }] }, 'mixed_currencies'],
    ['a total beyond all money', { items: [{ productId: 'HUGE', quantity: 10_000 }] }, 'amount_too_large'],
  ])('%s', async (_, body, code) => {
    await expect.poll(() => shop.problem(shop.post('/orders', body))).toMatchObject({ status: 422, code })
  })

  it('names the right total', async () => {
    const { body } = await shop.post('/orders', { items: [line], totalAmount: 0.01 })
    expect(body.detail).toBe('The total is 50.00 USD (totalAmount 50).')
  })

  it('has no order and took no stock when all of that is through', async () => {
    expect((await shop.call('/orders')).body).toEqual({ items: [] })
    expect(await shop.level('P001')).toEqual({ onHand: 1_000, reserved: 0 })
  })
})

const JSON_TYPE = 'application/json'
/** As deep as the size of a body allows. */
const NESTED = '['.repeat(30_000) + ']'.repeat(30_000)
const NO_JSON = { status: 415, code: 'unsupported_media_type' }

describe('a request that is not one', () => {
  const raw = (body: string, type: string, headers: Record<string, string> = {}) =>
    system
      .fetch('/orders', {
        method: 'POST',
        body,
        headers: { authorization: 'Bearer test-admin-key', 'content-type': type, ...headers },
      })
      .then(async (response) => ({ status: response.status, body: await response.json() }))

  it.each([
    { what: 'JSON cut short', body: '{"items":', type: JSON_TYPE, status: 400, code: 'malformed_json' },
    { what: 'JSON nested without end', body: NESTED, type: JSON_TYPE, status: 400, code: 'malformed_json' },
    { what: 'a form', body: 'a=1', type: 'application/x-www-form-urlencoded', ...NO_JSON },
    { what: 'no media type', body: '{}', type: '', ...NO_JSON },
    { what: 'an event', body: '{}', type: 'application/cloudevents+json', ...NO_JSON },
    { what: 'events', body: '[]', type: 'application/cloudevents-batch+json', ...NO_JSON },
    {
      what: '65 KiB',
      body: `{"x":"${'x'.repeat(65 * 1024)}"}`,
      type: JSON_TYPE,
      status: 413,
      code: 'payload_too_large',
    },
  ])('$what', async ({ body, type, status, code }) => {
    expect(await shop.problem(raw(body, type))).toMatchObject({ status, code })
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON'])(
    'is JSON where it says %s',
    async (type) => {
      const answer = await raw(JSON.stringify({ items: [{ productId: 'NOPE', quantity: 1 }] }), type)
      expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_product' } })
    },
  )

  it.each(['{"payment":{"token":tok_4242}}', '{"payment":{"token":"tok_4242}', 'tok_4242'])(
    'is told where it is no JSON, and not what lies there: %s',
    async (body) => {
      const { status, body: refused } = await raw(body, JSON_TYPE)
      expect(status).toBe(400)
      expect(refused).toMatchObject({ code: 'malformed_json', detail: expect.not.stringContaining('tok') })
    },
  )

  it('with an idempotency key that is none is refused', async () => {
    const refused = shop.problem(shop.post('/orders', { items: [line] }, { 'idempotency-key': 'a b' }))
    expect(await refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/Idempotency-Key'] })
  })
})

describe('a caller', () => {
  it.each([undefined, 'Bearer wrong-key', 'Basic dGVzdC1hZG1pbi1rZXk=', 'test-admin-key'])(
    'without the right key is refused everywhere: %s',
    async (authorization) => {
      for (const path of [
        '/orders',
        '/products',
        '/inventory/P001',
        '/payments',
        '/simulator/payments/x',
        '/x',
      ]) {
        const response = await system.fetch(
          path,
          authorization === undefined ? {} : { headers: { authorization } },
        )
        expect(response.status).toBe(401)
      }
    },
  )

  it.each([
    ['order', '/inventory/P001', 401],
    ['inventory', '/inventory/P001', 503],
    ['payment', '/payments', 503],
    ['operations', '/dead-letters', 503],
  ] as const)(
    'cannot say who it is in the words of the edge, not even to the %s Worker itself',
    async (worker, path, status) => {
      const headers = { 'x-edge-caller': JSON.stringify({ client: 'x', scopes: ['operations'] }) }
      expect((await system.fetchFrom(worker, `http://worker${path}`, { headers })).status).toBe(status)
      expect((await system.fetchFrom(worker, `http://worker${path}`)).status).toBe(401)
    },
  )

  it.each([
    '/orders/ord_0_01m84a7ddbgcw5hya69jnnc6vj',
    '/orders/ord_zz_01m84a7ddbgcw5hya69jnnc6vj',
    '/orders/12345',
    '/orders/%20',
  ])('that asks for an order that does not exist gets a 404 that says so: %s', async (path) => {
    expect(await shop.problem(shop.call(path))).toMatchObject({ status: 404, code: 'order_not_found' })
  })

  it('names the key that the deployment lacks', async () => {
    const { body } = await shop.call('/readyz')
    expect(body.workers).toMatchObject({
      // The tests' key is one that older rules allowed.
      order: {
        ready: true,
        problems: [],
        warnings: [expect.stringMatching(/^BOOTSTRAP_KEY has fewer than 32/)],
      },
      inventory: { ready: true, problems: [] },
      payment: { ready: true, problems: [] },
      operations: { ready: true, problems: [] },
    })
  })
})

describe('stock', () => {
  it('cannot be taken away below what is available', async () => {
    const refused = shop.problem(shop.post('/inventory/P001/adjustments', { delta: -1_001, reason: 'loss' }))
    expect(await refused).toMatchObject({ status: 409, code: 'insufficient_stock' })
  })

  it('is adjusted once for one key', async () => {
    const adjust = () =>
      shop.post(
        '/inventory/P002/adjustments',
        { delta: 7, reason: 'receipt' },
        { 'idempotency-key': 'receipt-1' },
      )
    const [first, second] = [await adjust(), await adjust()]
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await shop.level('P002')).toEqual({ onHand: 7, reserved: 0 })
  })

  it.each([0, 0.5, 1_000_000_001, '5'])('cannot be adjusted by %s', async (delta) => {
    const refused = shop.problem(shop.post('/inventory/P001/adjustments', { delta }))
    expect(await refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/delta'] })
  })

  it.each([
    ['0.001', 'USD'],
    ['0.5', 'JPY'],
    ['0', 'USD'],
  ])('has no price of %s %s', async (unitPrice, currency) => {
    const body = { name: 'Odd', unitPrice: Number(unitPrice), currency }
    const refused = shop.problem(shop.call('/products/ODD', { method: 'PUT', body }))
    expect(await refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/unitPrice'] })
  })
})

describe('a page', () => {
  it.each(['cursor=zzz', 'limit=0', 'limit=101', 'limit=x', 'unknown=1'])(
    'is not cut by %s',
    async (query) => {
      const [name] = query.split('=')
      const refused = await shop.problem(shop.call(`/orders?${query}`))
      expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: [`/${name}`] })
    },
  )

  it('of another list is no place to go on from', async () => {
    const { body } = await shop.call('/inventory?limit=1')
    for (const list of ['/orders', '/payments', '/inventory/P001/movements']) {
      const refused = await shop.problem(shop.call(`${list}?cursor=${body.nextCursor}`))
      expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/cursor'] })
    }
  })

  it('follows the other to the end, each item once', async () => {
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await shop.call(`/inventory?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map((item: { productId: string }) => item.productId))
      if (body.nextCursor === undefined) break
      cursor = body.nextCursor
    }
    expect(seen).toEqual(['EURO', 'HUGE', 'P001', 'P002'])
  })
})
