import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { getOrderTrace } from '../../../src/contracts/http/trace.ts'
import { traceOf } from '../../../src/order/order-trace.ts'
import { readerOf } from '../edge/read-token-access.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** The trace of an order, made from its events at each call. */
export const orderTraceRoutes = () => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, getOrderTrace, async (c) => {
    const { orderId } = c.var
    const events = await c.var.orderPartitions.of(orderId)?.events(orderId, readerOf(c))
    const [placed, ...later] = events ?? []
    if (placed === undefined) {
      const detail = `There is no order ${c.req.valid('param').orderId}.`
      return problem(c, 'order_not_found', { detail })
    }
    return c.json(traceOf([placed, ...later]), 200)
  })

  return app
}
