import { describe, expect, it } from 'vitest'
import { createApiKey } from '../support/keys.ts'
import { CALLS, NOT_OPERATIONS, requestTo, type World } from './world.ts'

const CLOSED = CALLS.filter(({ scope }) => scope !== 'open')

/** What is sent in place of a key: each is nearly one. */
const CREDENTIALS: [what: string, of: (key: string) => string | undefined][] = [
  ['no key', () => undefined],
  ['a scheme without a key', () => 'Bearer '],
  ['a key without a scheme', (key) => key],
  ['another scheme', (key) => `Basic ${key}`],
  ['a truncated key', (key) => `Bearer ${key.slice(0, -1)}`],
  ['a key that goes on', (key) => `Bearer ${key}x`],
  ['another secret', (key) => `Bearer ${key.replace(/[^_]+$/, '0'.repeat(40))}`],
]

export const brokenAuthentication = (world: () => World) =>
  describe('API2: broken authentication', () => {
    const statusesWith = async (authorization: string | undefined) => {
      const { system, ids } = world()
      const answers = await Promise.all(
        CLOSED.map(async (call) => {
          const { path, method } = requestTo(call, ids)
          const headers = authorization === undefined ? {} : { authorization }
          const { status } = await system.fetch(path, { method, headers })
          return [call.route.operationId, status]
        }),
      )
      return Object.fromEntries(answers)
    }
    const refused = Object.fromEntries(CLOSED.map(({ route }) => [route.operationId, 401]))

    it.each(CREDENTIALS)('no call is answered with %s', async (_, of) => {
      expect(await statusesWith(of(world().ownersKey))).toEqual(refused)
    })

    it('no call is answered with a key that was revoked', async () => {
      const { system, operator } = world()
      const { id, key } = await createApiKey(system, 'leaver', NOT_OPERATIONS)
      await operator.call(`/keys/${id}`, { method: 'DELETE' })
      expect(await statusesWith(`Bearer ${key}`)).toEqual(refused)
    })

    it('a call is answered with the key itself', async () => {
      expect((await world().owner.call('/orders')).status).toBe(200)
    })
  })
