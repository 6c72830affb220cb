import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { readBody } from '../../../src/cloudflare/http/read-body.ts'
import { receiveStripeEvent } from '../../../src/contracts/http/gateways.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { orderOf, readStripeEvent } from '../gateways/stripe/stripe-events.ts'
import { readPaymentSettings } from '../settings.ts'
import { type StripeDeployment, takeStripeEvent } from '../take-stripe-event.ts'
import type { PaymentRoutesEnv } from '../variables.ts'

type Ports = { log: Log; deploymentOf(env: PaymentEnv): StripeDeployment }

const SET_SECRET = 'STRIPE_WEBHOOK_SECRET is missing: set the signing secret of the endpoint at Stripe.'

/** For Stripe, which has no key of ours: the signature says that a post is Stripe's. */
export const stripeEventRoutes = ({ log, deploymentOf }: Ports) => {
  const app = createApp<PaymentRoutesEnv>(log)

  app.post(receiveStripeEvent.route.getRoutingPath(), async (c) => {
    const settings = readPaymentSettings(c.env)
    if (!settings.ok) return problem(c, 'misconfigured', { detail: settings.reason.join('; ') })
    const { stripe } = settings.value
    if (stripe === undefined)
      return problem(c, 'not_found', { detail: 'The bank of this system is not Stripe.' })
    if (stripe.webhookSecrets.length === 0) return problem(c, 'misconfigured', { detail: SET_SECRET })
    const body = await readBody(c.req.raw)
    if (!body.ok) return problem(c, body.reason)
    const signature = c.req.header('stripe-signature') ?? ''
    const event = await readStripeEvent({ body: body.value, signature }, stripe, Date.now())
    if (!event.ok) return problem(c, event.reason)
    const orderId = orderOf(event.value, stripe)
    return orderId === undefined
      ? received(c, 'ignored')
      : await take(c, { eventId: event.value.id, orderId, type: event.value.type }, { log, deploymentOf })
  })

  return app
}

const take = async (
  c: Context<PaymentRoutesEnv>,
  { eventId, orderId, type }: { eventId: string; orderId: string; type: string },
  { log, deploymentOf }: Ports,
) => {
  const ports = { env: c.env, deployment: deploymentOf(c.env), log }
  const outcome = await takeStripeEvent({ eventId, orderId }, c.var.traceparent, ports)
  log('info', 'Stripe posted an event', { eventId, orderId, type, outcome, traceId: c.var.traceId })
  if (outcome === 'unread')
    return problem(c, 'unavailable', { detail: 'Stripe could not be asked about the order.' })
  return received(c, outcome === 'unknown' ? 'ignored' : outcome)
}

const received = (c: Context<PaymentRoutesEnv>, outcome: 'taken' | 'duplicate' | 'ignored') =>
  c.json({ received: true as const, outcome }, 200)
