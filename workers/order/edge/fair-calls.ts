import { createMiddleware } from 'hono/factory'
import { keepAlive } from '../../../src/cloudflare/http/keep-alive.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { createFairLine, type FairLine, type Place } from '../../../src/messaging/fair-line.ts'
import type { InTurn, OrderRoutesEnv } from '../variables.ts'
import { limitKeyOf } from './rate-limits.ts'

/** A call of a partition takes milliseconds. After this time the call counts as lost, together with its caller. */
const LEASE_MS = 10 * SECOND_MS
/** After this time in the line a call goes ahead anyway: the line is for fairness, and refuses no call. */
const WAIT_MS_MAX = 10 * SECOND_MS

/** Lines up the calls of this isolate, with one line for each order partition. */
export const fairCalls = () => {
  const lines = new Map<string, FairLine>()
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const capacity = c.var.settings.partitionOrders
    const inTurn: InTurn = async (label, cost, call) => {
      const line = lines.get(label) ?? createFairLine({ now: Date.now, capacity, leaseMs: LEASE_MS })
      lines.set(label, line)
      const place = line.join(limitKeyOf(c), cost)
      const made = makeCall(place, call)
      keepAlive(
        c,
        made.catch(() => undefined),
      )
      return await made
    }
    c.set('inTurn', inTurn)
    return await next()
  })
}

const makeCall = async <Value>(place: Place, call: () => Promise<Value>): Promise<Value> => {
  try {
    if (place.turn !== undefined) await Promise.race([place.turn, scheduler.wait(WAIT_MS_MAX)])
    return await call()
  } finally {
    place.leave()
  }
}
