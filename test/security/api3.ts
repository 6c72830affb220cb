import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CALLS, requestTo, type World } from './world.ts'

/** What callers may hope to set: an owner, a state, a price, a right. */
const FIELDS = {
  client: 'owner',
  status: 'confirmed',
  orderId: 'ord_0_01m84a7ddbgcw5hya69jnnc6vj',
  version: 9,
  unitPrice: 0.01,
  discount: 1,
  capturedAmount: 0,
  isAdmin: true,
  id: 'mine',
}

/** What deployments are bundled from has no faults, so nothing reads this body. */
const isWithoutFaults = (path: string): boolean => path === '/simulator/faults'

/** Bodies are strict, but those of events from outside and of a bank, whose unknown fields are ignored. */
const LOOSE = ['/events', '/gateways/stripe/events']
const STRICT = CALLS.filter(
  ({ route }) =>
    route.request?.body !== undefined && !LOOSE.includes(route.path) && !isWithoutFaults(route.path),
)

/** Members that are ours alone. `client` is the caller's own name, in events and in webhooks. */
const INTERNAL = new Set(['client', 'token', 'paymentToken', 'hash', 'secret', 'secrets', 'due_at', 'dueAt'])

export const brokenObjectPropertyLevelAuthorization = (world: () => World) =>
  describe('API3: broken object property level authorization', () => {
    it.each(STRICT.map((call) => ({ call, id: call.route.operationId })))(
      '$id takes no field that it does not document',
      async ({ call }) => {
        const { operator, ids } = world()
        const { path, method, body } = requestTo(call, ids)
        const known = new Set(Object.keys(body as object))
        const foreign = Object.entries(FIELDS).filter(
          ([name]) => !known.has(name) && !isDocumented(call, name),
        )
        const refusals = await Promise.all(
          foreign.map(([name, value]) =>
            operator.problem(operator.call(path, { method, body: { ...(body as object), [name]: value } })),
          ),
        )
        expect(refusals).toEqual(
          foreign.map(([name]) => ({ status: 422, code: 'validation_failed', paths: [`/${name}`] })),
        )
      },
    )

    it('no line of an order sets its own price', async () => {
      const { owner } = world()
      const items = [{ productId: 'P001', quantity: 1, unitPrice: 0.01 }]
      expect(await owner.problem(owner.post('/orders', { items }))).toMatchObject({
        status: 422,
        paths: ['/items/0/unitPrice'],
      })
    })

    it('no answer to a client has a member that is ours alone', async () => {
      const { owner, ids } = world()
      const reads = CALLS.filter(({ route, scope }) => {
        return route.method === 'get' && scope !== 'open' && scope !== 'operations'
      })
      const answers = await Promise.all(reads.map((call) => owner.call(requestTo(call, ids).path)))
      const missed = reads.filter((_, index) => answers[index]?.status !== 200)
      expect(missed.map(({ route }) => route.operationId)).toEqual([])
      const shown = reads.flatMap(({ route }, index) =>
        namesIn(answers[index]?.body)
          .filter((name) => INTERNAL.has(name))
          .map((name) => `${name} of ${route.tags?.[0]}`),
      )
      expect(shown.filter((each) => !each.startsWith('client of '))).toEqual([])
    })
  })

const isDocumented = (call: (typeof CALLS)[number], name: string): boolean => {
  const media = call.route.request?.body?.content['application/json']
  const schema = media !== undefined && 'schema' in media ? media.schema : undefined
  return schema instanceof z.ZodObject && name in schema.shape
}

const namesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)])
}
