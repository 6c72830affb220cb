import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import type { Reader } from '../../../src/order/partition/visible-order.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { bearerToken } from './bearer-token.ts'
import { mayGuess, tooManyGuesses } from './rate-limits.ts'
import { isReadToken } from './read-token.ts'

/** For this time a browser remembers the response to a preflight request. */
const PREFLIGHT_SECONDS = 600

/** Pages of the shop's own origins may read an order with its read token. Other pages may not, and no other call. */
export const allowOrigins = createMiddleware<OrderRoutesEnv>(async (c, next) => {
  const { corsOrigins } = c.get('settings')
  if (corsOrigins.length === 0) return await next()
  return await cors({
    origin: corsOrigins,
    allowMethods: ['GET'],
    allowHeaders: ['authorization', 'if-none-match', 'last-event-id', 'traceparent'],
    exposeHeaders: ['etag', 'retry-after', 'traceparent'],
    maxAge: PREFLIGHT_SECONDS,
  })(c, next)
})

/** `?token=` (an `EventSource` sends no headers) or `Authorization: Bearer` with the read token of this very order. */
export const admitReadToken = createMiddleware<OrderRoutesEnv>(async (c, next) => {
  const token = presentedToken(c.req.header('authorization'), c.req.query('token'))
  if (token === undefined) return await next()
  const orderId = c.req.param('orderId') ?? ''
  const checked = await c.get('readTokens').check({ token, orderId, now: Date.now() })
  if (!checked.ok && checked.reason === 'forged' && !(await mayGuess(c))) return tooManyGuesses(c)
  if (!checked.ok) return problem(c, 'unauthorized', { detail: REFUSALS[checked.reason] })
  c.set('caller', { client: `read token of ${orderId}`, scopes: ['orders:read'] })
  c.set('reader', { holdsTokenOf: orderId })
  c.set('readToken', token)
  return await next()
})

/** Skips the middleware for the bearer of a read token, who needs no key. */
export const exceptReadToken = (middleware: MiddlewareHandler<OrderRoutesEnv>) =>
  createMiddleware<OrderRoutesEnv>(async (c, next) =>
    c.get('reader') === undefined ? await middleware(c, next) : await next(),
  )

/** The reader of this order: the bearer of its read token, or the caller with a key. */
export const readerOf = (c: Context<OrderRoutesEnv>): Reader => c.get('reader') ?? c.get('caller')

const REFUSALS = {
  forged:
    'This is no read token of this order. Keys do not belong in addresses: send them as `Authorization: Bearer KEY`.',
  expired:
    'The read token has expired: it lasts for 24 hours from when the order was placed. Read the order with a key.',
}

/** A credential in the header overrides a token in the address. */
const presentedToken = (
  authorization: string | undefined,
  inAddress: string | undefined,
): string | undefined => {
  if (authorization === undefined) return inAddress
  const credential = bearerToken(authorization)
  return credential !== undefined && isReadToken(credential) ? credential : undefined
}
