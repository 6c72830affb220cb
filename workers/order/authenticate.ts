import { createMiddleware } from 'hono/factory'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { type Caller, SCOPES, type Scope } from '../../src/contracts/caller.ts'
import type { OrderRoutesEnv } from './variables.ts'

/** The key that comes with the deployment may do everything, for every client. */
const BOOTSTRAP_CALLER: Caller = { client: 'bootstrap', scopes: [...SCOPES] }

/** `Authorization: Bearer KEY` → the caller. */
export const authenticate = createMiddleware<OrderRoutesEnv>(async (c, next) => {
  const [scheme = '', key = ''] = (c.req.header('authorization') ?? '').split(' ')
  const isKnown = scheme.toLowerCase() === 'bearer' && (await isEqual(key, c.var.settings.bootstrapKey))
  if (!isKnown) {
    return problem(c, 'unauthorized', { detail: 'Send a valid key as `Authorization: Bearer KEY`.' })
  }
  c.set('caller', BOOTSTRAP_CALLER)
  return await next()
})

/** The key may make this call, or is told what it lacks. */
export const requireScope = (scope: Scope | 'open') =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    if (scope === 'open' || c.var.caller.scopes.includes(scope)) return await next()
    return problem(c, 'forbidden', { detail: `This call needs a key with the scope ${scope}.` })
  })

/** In constant time, whatever the lengths: hashes are compared. */
const isEqual = async (given: string, expected: string): Promise<boolean> => {
  const hash = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const [left, right] = await Promise.all([hash(given), hash(expected)])
  return crypto.subtle.timingSafeEqual(left, right)
}
