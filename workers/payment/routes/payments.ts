import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import { getPayment, listPayments, requestRefund } from '../../../src/contracts/http/payments.ts'
import { fromTimestamp } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { RefundReply } from '../../../src/payment/partition/refund-request.ts'
import { findPayments } from '../payment-list.ts'
import type { PaymentRoutesEnv } from '../variables.ts'

export const paymentRoutes = (log: Log) => {
  const app = createApp<PaymentRoutesEnv>(log)

  serve(app, listPayments, async (c) => {
    const asked = c.req.valid('query')
    const page = askedPage('payments', asked)
    if (!page.ok) return badCursor(c, page.reason)
    const { status, stuck, createdAfter, createdBefore } = asked
    const filter = {
      ...{ status, isStuck: stuck === 'true' },
      createdFrom: createdAfter === undefined ? undefined : fromTimestamp(createdAfter),
      createdBefore: createdBefore === undefined ? undefined : fromTimestamp(createdBefore),
    }
    return c.json(await findPayments(c.env.PAYMENTS_DB, c.var.caller, filter, page.value), 200)
  })

  serve(app, getPayment, async (c) => {
    const { orderId } = c.req.valid('param')
    const payment = await c.var.paymentPartitions.of(orderId)?.get(orderId, c.var.caller)
    return payment === undefined ? notFound(c) : c.json(payment, 200)
  })

  serve(app, requestRefund, async (c) => {
    const { orderId } = c.req.valid('param')
    const { amount, reason } = c.req.valid('json') ?? {}
    const request = await keyedRequest(c, c.var.caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const partition = c.var.paymentPartitions.of(orderId)
    if (partition === undefined) return notFound(c)
    const refundId = `rf_${newUlid()}`
    const asked = { orderId, refundId, caller: c.var.caller, amount, reason, request: request.value }
    const refunded = await partition.requestRefund(asked)
    if (!refunded.ok) return refused(c, refunded.reason)
    return c.json(refunded.value.refund, 202, replayed(refunded.value.isReplay))
  })

  return app
}

const notFound = (c: Context) =>
  problem(c, 'payment_not_found', { detail: 'There is no payment for an order with this id.' })

const refused = (c: Context, reason: Extract<RefundReply, { ok: false }>['reason']) => {
  if (reason.code === 'rate_limited') return tooManyKeys(c, reason)
  const { code, detail } = reason
  if (code === 'payment_not_found') return notFound(c)
  if (code !== 'invalid_amount') return problem(c, code, { detail })
  return problem(c, 'validation_failed', {
    detail: `/amount ${detail}`,
    errors: [{ path: '/amount', message: detail }],
  })
}
