import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { problem } from '../../../../src/cloudflare/http/problem.ts'
import { readBody } from '../../../../src/cloudflare/http/read-body.ts'
import { receiveStripeEvent } from '../../../../src/contracts/http/gateways.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { absenceOf, callInnerWorker } from '../inner-workers.ts'

const SIGNATURE = 'stripe-signature'

/** Forwards what a bank posts, byte for byte, to the payment Worker, which knows the bank's secret. No caller comes with it. */
export const gatewayEventRoutes = () => {
  const app = createRoutes<OrderRoutesEnv>()

  app.openAPIRegistry.registerPath(receiveStripeEvent.route)
  app.post(receiveStripeEvent.route.getRoutingPath(), async (c) => {
    const body = await readBody(c.req.raw)
    if (!body.ok) return problem(c, body.reason)
    const request = new Request(new URL(c.req.path, 'https://worker'), {
      method: 'POST',
      headers: { [SIGNATURE]: c.req.header(SIGNATURE) ?? '', traceparent: c.var.traceparent },
      body: body.value,
    })
    const response = await callInnerWorker(c.env, 'payment', (worker) => worker.fetch(request))
    return response ?? problem(c, 'misconfigured', { detail: absenceOf(['payment']) })
  })

  return app
}
