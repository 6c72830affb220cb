import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CALLS, requestTo, type World } from './world.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const INNER = ['inventory', 'payment', 'operations']

const HEADERS = [
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
]

/** What each header says: test/e2e/headers. The development key elsewhere: test/unit/order/settings. */
export const securityMisconfiguration = (world: () => World) =>
  describe('API8: security misconfiguration', () => {
    it.each(CALLS.map((call) => ({ call, id: call.route.operationId })))(
      '$id has the security headers, and lets no page of another origin read it',
      async ({ call }) => {
        const { system, ids } = world()
        const { path, method } = requestTo(call, { ...ids, id: 'none', orderId: 'none' })
        const headers = { authorization: 'Bearer test-admin-key', origin: 'https://evil.example' }
        const answer = await system.fetch(path, { method, headers })
        await answer.body?.cancel()
        expect(HEADERS.filter((name) => !answer.headers.has(name))).toEqual([])
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
        expect([answer.headers.get('server'), answer.headers.get('x-powered-by')]).toEqual([null, null])
      },
    )

    it.each(['OPTIONS', 'DELETE', 'PUT', 'PATCH'])('%s /orders is nothing', async (method) => {
      const { owner } = world()
      expect(await owner.problem(owner.call('/orders', { method }))).toMatchObject({
        status: 404,
        code: 'not_found',
      })
    })

    it.each(INNER)('the %s Worker has no address of its own', (worker) => {
      const config = readFileSync(resolve(ROOT, `workers/${worker}/wrangler.toml`), 'utf8')
      expect(config).toMatch(/^workers_dev = false$/m)
      expect(config).toMatch(/^preview_urls = false$/m)
      expect(config).not.toMatch(/^\[?\[?routes?\b/m)
    })

    it.each(['inventory', 'payment', 'operations'] as const)(
      'the %s Worker believes no caller that does not come from the edge',
      async (worker) => {
        const { system } = world()
        const paths = ['/inventory', '/payments', '/dead-letters', '/webhooks']
        const answers = await Promise.all(paths.map((path) => system.fetchFrom(worker, path)))
        expect(
          answers.map(({ status }) => status).filter((status) => status !== 401 && status !== 404),
        ).toEqual([])
      },
    )
  })
