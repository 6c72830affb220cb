import { describe, expect, it } from 'vitest'
import { createClient, NoAnswer, type RetryOptions } from '../../../packages/client/src/index.ts'
import { problemAnswer, scriptedServer } from '../../support/scripted-server.ts'

const ORDER = { items: [{ productId: 'P001', quantity: 1 }] }

const clientOf = ({ environment }: ReturnType<typeof scriptedServer>, retries: RetryOptions = {}) =>
  createClient({ url: 'http://shop.test', key: 'k', environment, retries })

const placed = () => Response.json({ orderId: 'ord_1' }, { status: 202 })

describe('what failed in passing is sent again', () => {
  it.each([
    ['no response', new TypeError('fetch failed')],
    ['a response that is overdue', 'silence' as const],
    ['429', problemAnswer(429, 'rate_limited')],
    ['502 of a proxy', new Response('<html>', { status: 502 })],
    ['503', problemAnswer(503, 'unavailable')],
    ['504', new Response(null, { status: 504 })],
    ['409 request_in_progress', problemAnswer(409, 'request_in_progress')],
  ])('after %s, with the same key and body', async (_, failure) => {
    const server = scriptedServer(failure, placed())
    const { data } = await clientOf(server).placeOrder(ORDER)
    expect(data).toEqual({ orderId: 'ord_1' })
    expect(server.sent.map(({ key, body }) => [key, JSON.parse(body)])).toEqual([
      ['fresh-1', ORDER],
      ['fresh-1', ORDER],
    ])
  })

  it("with the caller's own key", async () => {
    const server = scriptedServer(new TypeError('fetch failed'), placed())
    await clientOf(server).placeOrder(ORDER, { idempotencyKey: 'checkout-7' })
    expect(server.sent.map(({ key }) => key)).toEqual(['checkout-7', 'checkout-7'])
  })

  it('after a response that breaks off', async () => {
    const half = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"orderId":')),
      pull: (controller) => controller.error(new TypeError('terminated')),
    })
    const server = scriptedServer(new Response(half, { status: 202 }), placed())
    const { data } = await clientOf(server).placeOrder(ORDER)
    expect(data).toEqual({ orderId: 'ord_1' })
  })

  it('without a key where nothing is posted', async () => {
    const product = { productId: 'P001', name: 'Thing', unitPrice: 1, currency: 'USD' }
    const server = scriptedServer(problemAnswer(503, 'unavailable'), Response.json(product))
    const { name, unitPrice, currency } = product
    const params = { path: { productId: 'P001' } }
    await clientOf(server).PUT('/products/{productId}', { params, body: { name, unitPrice, currency } })
    expect(server.sent.map(({ method, key }) => [method, key])).toEqual([
      ['PUT', null],
      ['PUT', null],
    ])
  })
})

describe('what would fail again is not', () => {
  it.each([
    [422, 'validation_failed'],
    [409, 'order_not_cancellable'],
    [404, 'order_not_found'],
    [401, 'unauthorized'],
    [500, 'internal_error'],
  ])('%s %s is handed over at once', async (status, code) => {
    const server = scriptedServer(problemAnswer(status, code))
    const { error } = await clientOf(server).placeOrder(ORDER)
    expect(error).toEqual(expect.objectContaining({ status, code }))
    expect(server.sent).toHaveLength(1)
  })

  it('nor is a call that its caller gave up', async () => {
    const server = scriptedServer('silence')
    const signal = AbortSignal.abort(new Error('the page was closed'))
    await expect(clientOf(server).placeOrder(ORDER, { signal })).rejects.toThrow('the page was closed')
    expect(server.pauses).toEqual([])
  })
})

describe('attempts are bounded', () => {
  it('hands over the last response', async () => {
    const server = scriptedServer(...Array.from({ length: 6 }, () => problemAnswer(503, 'unavailable')))
    const { error } = await clientOf(server).placeOrder(ORDER)
    expect(error?.code).toBe('unavailable')
    expect(server.sent).toHaveLength(6)
  })

  it('throws NoAnswer with its cause where there was none', async () => {
    const cause = new TypeError('fetch failed')
    const server = scriptedServer(cause, cause)
    const call = clientOf(server, { attemptsMax: 2 }).placeOrder(ORDER)
    await expect(call).rejects.toEqual(
      new NoAnswer(
        'POST http://shop.test/orders was sent 2 times and got no response: TypeError: fetch failed',
        {
          cause,
        },
      ),
    )
  })
})

describe('pauses', () => {
  it('double up to a bound', async () => {
    const failures = Array.from({ length: 8 }, () => new TypeError('fetch failed'))
    const server = scriptedServer(...failures)
    await expect(clientOf(server, { attemptsMax: 8 }).placeOrder(ORDER)).rejects.toThrow(NoAnswer)
    expect(server.pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000])
  })

  it.each([
    ['seconds', '7'],
    ['a date', 'Mon, 23 Nov 2026 12:00:07 GMT'],
  ])('are as long as Retry-After asks for, in %s', async (_, retryAfter) => {
    const server = scriptedServer(problemAnswer(503, 'unavailable', { 'retry-after': retryAfter }), placed())
    await clientOf(server).placeOrder(ORDER)
    expect(server.pauses).toEqual([7_000])
  })

  it('of more than a minute are left to the caller', async () => {
    const server = scriptedServer(problemAnswer(429, 'rate_limited', { 'retry-after': '61' }))
    const { response } = await clientOf(server).placeOrder(ORDER)
    expect(response.headers.get('retry-after')).toBe('61')
    expect(server.pauses).toEqual([])
  })
})
