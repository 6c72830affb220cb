import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CALLS, requestTo, type World } from './world.ts'

const LISTS = CALLS.filter(({ route }) => {
  const { query } = route.request ?? {}
  return query instanceof z.ZodObject && 'limit' in query.shape
})

/** Feeds are read by machines, and many events of them. */
const MAXIMA: Readonly<Record<string, number>> = { readOrderFeed: 1_000, readProductFeed: 1_000 }
const PAGE_MAX = 100

const maximumOf = ({ route }: (typeof CALLS)[number]): number => MAXIMA[route.operationId ?? ''] ?? PAGE_MAX

const lines = (count: number) => Array.from({ length: count }, () => ({ productId: 'P001', quantity: 1 }))
const event = {
  eventType: 'OrderPlaced',
  orderId: 'many',
  items: lines(1),
  totalAmount: 50,
  timestamp: '2023-10-05T12:00:00Z',
}

/** Rates, and bodies that are large, slow or never end: test/e2e/limits and slow-and-large-bodies. */
export const unrestrictedResourceConsumption = (world: () => World) =>
  describe('API4: unrestricted resource consumption', () => {
    it.each(LISTS.map((call) => ({ call, id: call.route.operationId, max: maximumOf(call) })))(
      '$id gives at most $max items at a time',
      async ({ call, max }) => {
        const { operator, ids } = world()
        const { path } = requestTo(call, ids)
        expect(await operator.problem(operator.call(`${path}?limit=${max + 1}`))).toEqual({
          status: 422,
          code: 'validation_failed',
          paths: ['/limit'],
        })
      },
    )

    it.each([
      ['more than a hundred lines', '/orders', { items: lines(101) }, '/items'],
      [
        'more than 10 000 units',
        '/orders',
        { items: [{ productId: 'P001', quantity: 10_001 }] },
        '/items/0/quantity',
      ],
      [
        'more than fifty entries of metadata',
        '/orders',
        { items: lines(1), metadata: Object.fromEntries(lines(51).map((_, index) => [`k${index}`, ''])) },
        '/metadata',
      ],
      [
        'an entry of more than 500 characters',
        '/orders',
        { items: lines(1), metadata: { a: 'x'.repeat(501) } },
        '/metadata/a',
      ],
      ['more than a hundred events', '/events', Array.from({ length: 101 }, () => event), ''],
      ['an endless redrive', '/dead-letters/redrive', { limit: 1_000_000 }, '/limit'],
    ])('%s are refused', async (_, path, body, where) => {
      const { operator } = world()
      expect(await operator.problem(operator.post(path, body))).toMatchObject({ status: 422, paths: [where] })
    })

    it('a client has at most twenty webhooks', async () => {
      const { stranger } = world()
      const body = { url: 'http://127.0.0.1:9/hook', types: ['OrderSettled'] }
      const answers = await Promise.all(Array.from({ length: 21 }, () => stranger.post('/webhooks', body)))
      expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(20).fill(201), 409])
    })
  })
