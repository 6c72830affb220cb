import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { requestToForward } from '../../../src/cloudflare/http/caller.ts'
import { keyedRequest } from '../../../src/cloudflare/http/idempotency-key.ts'
import { requireJson } from '../../../src/cloudflare/http/json-body.ts'
import { bodyOf } from '../../../src/cloudflare/http/request-body.ts'

const JSON_TYPES = ['application/json']

/** Reads a request as the edge does, or, without that middleware, as an inner Worker. */
const keyedBy = (app: Hono) =>
  app.all('/', async (c) => {
    const request = await keyedRequest(c, 'shop')
    return c.json(request.ok ? request.value : { refused: request.reason })
  })

const edge = () => {
  const app = new Hono()
  app.use(requireJson(JSON_TYPES))
  return keyedBy(app)
}

const inner = () => keyedBy(new Hono())

const send = (body: string | null, method = 'POST') => ({
  method,
  body,
  headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': 'key' },
})

afterEach(() => vi.restoreAllMocks())

const FINGERPRINT_OF_ORDER = '3c5f7762a90f979c9123da0c06ace7bd0a8bdfb762d3d95a1b8f820526bbb557'
const FINGERPRINT_OF_NOTHING = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
const FINGERPRINT_OF_NULL = '74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b'
const REQUEST_KEY = '634160c8d4e5f0d6174810fb898d1ba0db966230596f52e266d6f9c6877d9913'

describe('the fingerprint of a body', () => {
  /** As earlier versions stored them: they have to be recognised for two days. */
  it.each([
    ['{"items":[{"productId":"P001","quantity":2}],"totalAmount":150.00}', FINGERPRINT_OF_ORDER],
    [
      ' { "totalAmount" : 150, "items": [ { "quantity": 2.0, "productId": "P001" } ] } ',
      FINGERPRINT_OF_ORDER,
    ],
    ['{}', FINGERPRINT_OF_NOTHING],
    ['', FINGERPRINT_OF_NOTHING],
  ])('%s is the one that earlier versions stored', async (body, fingerprint) => {
    const response = await edge().request('/', send(body))
    expect(await response.json()).toMatchObject({ fingerprint, requestKey: REQUEST_KEY, client: 'shop' })
  })

  it('is the same at the edge and in an inner Worker', async () => {
    const [there, here] = await Promise.all(
      [edge(), inner()].map(async (app) => (await app.request('/', send('{"b":1,"a":[2]}'))).json()),
    )
    expect(here).toEqual(there)
  })

  it('of a call without a body is that of null', async () => {
    const response = await inner().request('/', send(null, 'DELETE'))
    expect(await response.json()).toMatchObject({ fingerprint: FINGERPRINT_OF_NULL })
  })
})

describe('a body', () => {
  it.each([
    ['at the edge', edge],
    ['in an inner Worker', inner],
  ])('is parsed once %s, however often it is asked for', async (_, start) => {
    const app = start()
    app.post('/twice', async (c) => {
      await keyedRequest(c, 'shop')
      const [first, second] = [await bodyOf(c), await bodyOf(c)]
      return c.json([first.value === second.value, first.mediaType])
    })
    const parse = vi.spyOn(JSON, 'parse')
    const response = await app.request('/twice', send('{"only":"once"}'))
    expect(parse.mock.calls.filter(([text]) => text === '{"only":"once"}')).toHaveLength(1)
    expect(await response.json()).toEqual([true, 'application/json'])
  })

  it('goes to an inner Worker as it came, under its media type alone', async () => {
    const app = new Hono()
    app.use(requireJson(JSON_TYPES))
    app.post('/', async (c) => {
      const request = await requestToForward(c, { url: 'https://inner/', traceparent: 'trace' })
      return c.json([await request.text(), request.headers.get('content-type')])
    })
    const response = await app.request('/', send(' {"a" : 1} '))
    expect(await response.json()).toEqual([' {"a" : 1} ', 'application/json'])
  })

  it('that is no JSON is 400 in an inner Worker too', async () => {
    const app = createApp(() => undefined)
    app.post('/', async (c) => c.json((await bodyOf(c)).text))
    const response = await app.request('/', send('{'))
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'malformed_json' }),
    ])
  })
})
