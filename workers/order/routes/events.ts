import type { Context } from 'hono'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { eventsOfRequest } from '../../../src/cloudflare/http/cloud-event.ts'
import { badKey, keyedRequest, replayed } from '../../../src/cloudflare/http/idempotency-key.ts'
import { faultyProblem, problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { readExternalOrders } from '../../../src/contracts/external-order.ts'
import { publishEvents } from '../../../src/contracts/http/events.ts'
import type { ProblemCode } from '../../../src/contracts/http/problem.ts'
import { readTraceparent } from '../../../src/kernel/traceparent.ts'
import { PAUSED_RETRY_SECONDS } from '../../../src/order/pause.ts'
import type { Catalogue } from '../catalogue.ts'
import { mayBring, tooManyRequests } from '../edge/rate-limits.ts'
import { publishOrders } from '../external-orders.ts'
import { createTokenHasher } from '../token-hasher.ts'
import type { OrderRoutesEnv } from '../variables.ts'

export const eventRoutes = (catalogue: Catalogue) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, publishEvents, async (c) => {
    const { caller, orderPartitions, settings, inTurn } = c.var
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const sent = await eventsOfRequest(c)
    const read = sent.ok ? readExternalOrders(sent.value, settings.defaultCurrency) : sent
    if (!read.ok) return faultyProblem(c, read.reason.code, read.reason.errors)
    if (!(await mayBring(c, read.value.length))) return tooManyRequests(c)
    const published = await publishOrders(
      { events: read.value, client: caller.client, trace: traceOf(c), request: request.value },
      {
        gateway: settings.gateway,
        partitions: orderPartitions,
        inTurn,
        findProducts: (productIds) => catalogue.find(c.env.ORDERS_DB, productIds),
        hashToken: createTokenHasher(c.env),
      },
    )
    if (!published.ok) {
      const { reason } = published
      if (!('errors' in reason)) return problem(c, reason.code)
      return faultyProblem(c, reason.code, reason.errors, headersOf(reason.code))
    }
    const { accepted, isReplay } = published.value
    return c.json({ accepted }, 202, replayed(isReplay))
  })

  return app
}

const headersOf = (code: ProblemCode): Record<string, string> =>
  code === 'orders_paused' ? { 'retry-after': String(PAUSED_RETRY_SECONDS) } : {}

/** A trace that the caller sent continues. A trace that cannot be read counts as not sent. */
const traceOf = (c: Context<OrderRoutesEnv>) => {
  const { traceparent } = c.var
  const isSent = readTraceparent(c.req.header('traceparent')) !== undefined
  return { sent: isSent ? traceparent : undefined, own: traceparent }
}
