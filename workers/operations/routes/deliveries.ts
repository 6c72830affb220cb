import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { listDeliveries, resendDelivery, testWebhook } from '../../../src/contracts/http/deliveries.ts'
import { toPage } from '../../../src/contracts/paging.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { OperationsRoutesEnv } from '../variables.ts'
import { newId } from '../webhooks/new-webhook-id.ts'
import { webhookObject } from '../webhooks/webhook-binding.ts'
import { webhookNotFound } from './webhooks.ts'

export const deliveryRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  serve(app, listDeliveries, async (c) => {
    const { id } = c.req.valid('param')
    const page = askedPage('deliveries', { webhookId: id, ...c.req.valid('query') })
    if (!page.ok) return badCursor(c, page.reason)
    const wanted = { before: page.value.after?.[0], limit: page.value.limit + 1 }
    const deliveries = await webhookObject(c.env).deliveries(id, c.var.caller, wanted)
    if (deliveries === undefined) return webhookNotFound(c, id)
    const view = { item: (each: (typeof deliveries)[number]) => each, position: positionOf }
    return c.json(toPage(deliveries, page.value, view), 200)
  })

  serve(app, testWebhook, async (c) => {
    const { id: webhookId } = c.req.valid('param')
    const { caller, traceparent } = c.var
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const wanted = { webhookId, deliveryId: newId('msg'), caller, request: request.value, traceparent }
    const sent = await webhookObject(c.env).test(wanted)
    if (sent.ok) return c.json(sent.value.view, 202, replayed(sent.value.isReplay))
    if (sent.reason.code === 'rate_limited') return tooManyKeys(c, sent.reason)
    return refused(c, webhookId, sent.reason.code)
  })

  serve(app, resendDelivery, async (c) => {
    const { id: webhookId, deliveryId } = c.req.valid('param')
    const { caller } = c.var
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const wanted = { webhookId, deliveryId, caller, request: request.value }
    const sent = await webhookObject(c.env).resend(wanted)
    if (sent.ok) return c.json(sent.value.view, 202, replayed(sent.value.isReplay))
    if (sent.reason.code === 'rate_limited') return tooManyKeys(c, sent.reason)
    if (sent.reason.code === 'delivery_not_found') return deliveryNotFound(c, webhookId, deliveryId)
    return refused(c, webhookId, sent.reason.code)
  })

  return app
}

const positionOf = ({ id }: { id: string }) => [id, ''] as const

type SendRefusal = 'webhook_not_found' | 'webhook_disabled' | 'idempotency_key_reused'

const refused = (c: Context, webhookId: string, code: SendRefusal) => {
  if (code === 'webhook_not_found') return webhookNotFound(c, webhookId)
  if (code === 'idempotency_key_reused') return problem(c, code)
  return problem(c, code, { detail: `${webhookId} is disabled: enable it first.` })
}

const deliveryNotFound = (c: Context, webhookId: string, deliveryId: string) =>
  problem(c, 'delivery_not_found', { detail: `There is no delivery ${deliveryId} to ${webhookId}.` })
