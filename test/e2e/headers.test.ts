import { beforeAll, expect, it } from 'vitest'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'

let system: SharedSystem

beforeAll(async () => {
  system = await sharedSystem()
})

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
}

it.each([
  ['an answer', '/orders', 'test-admin-key', 200],
  ['an answer of another Worker', '/products', 'test-admin-key', 200],
  ['a problem of another Worker', '/products/none', 'test-admin-key', 404],
  ['a refusal', '/orders', 'wrong', 401],
  ['nothing', '/nowhere', 'test-admin-key', 404],
  ['health', '/healthz', '', 200],
])('%s tells browsers to keep it to themselves', async (_, path, key, status) => {
  const answer = await system.fetch(path, { headers: { authorization: `Bearer ${key}` } })
  const headers = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, answer.headers.get(name)]))
  expect({ status: answer.status, headers }).toEqual({ status, headers: HEADERS })
  expect([answer.headers.get('server'), answer.headers.get('x-powered-by')]).toEqual([null, null])
})

it('lets a route say otherwise', async () => {
  const { headers } = await system.fetch('/openapi.json')
  expect(headers.get('cache-control')).toBe('public, max-age=60')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

it.each(['/orders', '/products', '/nowhere'])('%s is answered in the trace of its request', async (path) => {
  const traceId = 'b8489e71be901e302c850c92b587c14c'
  const headers = { authorization: 'Bearer test-admin-key', traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
  const answer = await system.fetch(path, { headers })
  expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
})
