import { describe, expect, it } from 'vitest'
import { ApiProblem, createClient, orThrow, pages } from '../../../packages/client/src/index.ts'
import { problemAnswer, scriptedServer } from '../../support/scripted-server.ts'

const clientOf = ({ environment }: ReturnType<typeof scriptedServer>) =>
  createClient({ url: 'http://shop.test/', key: 'eo_1', environment })

const ORDER = { items: [{ productId: 'P001', quantity: 1 }] }

it('sends its key with every call', async () => {
  const server = scriptedServer(Response.json({ items: [] }))
  await clientOf(server).GET('/orders')
  expect(server.sent[0]?.headers.get('authorization')).toBe('Bearer eo_1')
})

it('prefers to wait where the caller does', async () => {
  const server = scriptedServer(Response.json({ orderId: 'ord_1' }))
  await clientOf(server).placeOrder(ORDER, { waitSeconds: 10 })
  expect(server.sent[0]?.headers.get('prefer')).toBe('wait=10')
})

describe('pages', () => {
  it('follow the cursor to the last one', async () => {
    const server = scriptedServer(
      Response.json({ items: [1, 2], nextCursor: 'c/1' }),
      Response.json({ items: [3] }),
    )
    const client = clientOf(server)
    const read = pages((page) => client.GET('/orders', { params: { query: { status: 'pending', ...page } } }))
    expect(await collected(read)).toEqual([[1, 2], [3]])
    expect(server.sent.map(({ path }) => path)).toEqual([
      '/orders?status=pending',
      '/orders?status=pending&cursor=c%2F1',
    ])
  })

  it('throw the problem that ends them', async () => {
    const client = clientOf(scriptedServer(problemAnswer(403, 'forbidden')))
    await expect(collected(pages((query) => client.GET('/orders', { params: { query } })))).rejects.toThrow(
      ApiProblem,
    )
  })
})

describe('orThrow', () => {
  it('throws a problem with its code', async () => {
    const client = clientOf(scriptedServer(problemAnswer(422, 'price_mismatch')))
    const thrown = await orThrow(client.placeOrder(ORDER)).catch((error: unknown) => error)
    expect(thrown).toEqual(
      expect.objectContaining({ name: 'ApiProblem', code: 'price_mismatch', status: 422 }),
    )
  })

  it('says so where the response is not of the API', async () => {
    const client = clientOf(scriptedServer(new Response('<h1>Bad request</h1>', { status: 400 })))
    await expect(orThrow(client.placeOrder(ORDER))).rejects.toThrow(
      'The response with status 400 does not come from the API. Check the address, and any proxy in between. The response: <h1>Bad request</h1>',
    )
  })
})

describe('waiting', () => {
  const read = (status: string, settledAt?: string) => Response.json({ orderId: 'ord_1', status, settledAt })

  it('for the decision ends with it, settled or not', async () => {
    const server = scriptedServer(read('pending'), read('pending'), read('confirmed'))
    expect(await clientOf(server).waitUntilDecided('ord_1')).toEqual({
      orderId: 'ord_1',
      status: 'confirmed',
    })
    expect(server.pauses).toEqual([50, 100])
  })

  it('for settlement goes on after the decision', async () => {
    const server = scriptedServer(read('rejected'), read('rejected', '2026-11-23T12:00:01.000Z'))
    expect((await clientOf(server).waitUntilSettled('ord_1')).settledAt).toBe('2026-11-23T12:00:01.000Z')
  })

  it('ends at its deadline, and says how the order stands', async () => {
    const server = scriptedServer(...Array.from({ length: 4 }, () => read('pending')))
    await expect(clientOf(server).waitUntilDecided('ord_1', { withinMs: 300 })).rejects.toThrow(
      'Order ord_1 is still pending after 300 ms.',
    )
  })
})

const collected = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
