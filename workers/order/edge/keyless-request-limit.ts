import { createMiddleware } from 'hono/factory'
import { type Instant, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { addressOf, tooMany } from './rate-limits.ts'

const PERIOD_MS = 10 * SECOND_MS
/** Sixty a second from one address: enough for a dozen probes and a room full of readers. */
const REQUESTS_MAX = 600
/** Some 2 MB of an isolate. With more addresses in ten seconds the count starts again. */
const ADDRESSES_MAX = 20_000

/**
 * Calls that need no key are counted by address, in the memory of the isolate. Their responses come from that memory too,
 * and a counter elsewhere would cost more than the response.
 */
export const limitKeylessRequests = (now: () => Instant) => {
  const current = { period: 0, counts: new Map<string, number>() }
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const period = Math.floor(now() / PERIOD_MS)
    if (period !== current.period || current.counts.size >= ADDRESSES_MAX) {
      current.period = period
      current.counts.clear()
    }
    const address = addressOf(c)
    const count = (current.counts.get(address) ?? 0) + 1
    current.counts.set(address, count)
    if (count <= maxOf(c.env)) return await next()
    const seconds = Math.ceil(((period + 1) * PERIOD_MS - now()) / SECOND_MS)
    return tooMany(c, seconds, 'This address sends more requests than it may without a key.')
  })
}

/** `/readyz` responds also where settings cannot be read: a text that is no number counts as not set. */
const maxOf = (env: { OPEN_REQUESTS_MAX?: string }): number => Number(env.OPEN_REQUESTS_MAX) || REQUESTS_MAX
