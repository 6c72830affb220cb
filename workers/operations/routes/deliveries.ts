import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { listDeliveries, resendDelivery, testWebhook } from '../../../src/contracts/http/deliveries.ts'
import { toPage } from '../../../src/contracts/paging.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { WebhookDeliveries } from '../../../src/operations/partition/webhook-deliveries.ts'
import type { OperationsRoutesEnv } from '../variables.ts'
import { newId } from '../webhooks/new-id.ts'
import { webhookObject } from '../webhooks/webhook-binding.ts'
import { webhookNotFound } from './webhooks.ts'

export const deliveryRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  app.openapi(listDeliveries.route, async (c) => {
    const { id } = c.req.valid('param')
    const page = askedPage('deliveries', { webhookId: id, ...c.req.valid('query') })
    if (!page.ok) return badCursor(c, page.reason)
    const wanted = { before: page.value.after?.[0], limit: page.value.limit + 1 }
    const deliveries = await webhookObject(c.env).deliveries(id, c.var.caller, wanted)
    if (deliveries === undefined) return webhookNotFound(c, id)
    const view = { item: (each: (typeof deliveries)[number]) => each, position: positionOf }
    return c.json(toPage(deliveries, page.value, view), 200)
  })

  app.openapi(testWebhook.route, async (c) => {
    const { id: webhookId } = c.req.valid('param')
    const { caller, traceparent } = c.var
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const wanted = { webhookId, deliveryId: newId('msg'), caller, request: request.value, traceparent }
    const sent = await webhookObject(c.env).test(wanted)
    if (!sent.ok) return refused(c, wanted, sent.reason)
    return c.json(sent.value.view, 202, replayed(sent.value.isReplay))
  })

  app.openapi(resendDelivery.route, async (c) => {
    const { id: webhookId, deliveryId } = c.req.valid('param')
    const { caller } = c.var
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const wanted = { webhookId, deliveryId, caller, request: request.value }
    const sent = await webhookObject(c.env).resend(wanted)
    if (!sent.ok) return refused(c, wanted, sent.reason)
    return c.json(sent.value.view, 202, replayed(sent.value.isReplay))
  })

  return app
}

const positionOf = ({ id }: { id: string }) => [id, ''] as const

const refused = (
  c: Context,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
  reason: Extract<ReturnType<WebhookDeliveries['test']>, { ok: false }>['reason'],
) => {
  if (reason.code === 'rate_limited') return tooManyKeys(c, reason)
  const { code } = reason
  if (code === 'webhook_not_found') return webhookNotFound(c, webhookId)
  if (code === 'idempotency_key_reused') return problem(c, code) as never
  const detail =
    code === 'webhook_disabled'
      ? `${webhookId} is disabled: enable it first.`
      : `There is no delivery ${deliveryId} to ${webhookId}.`
  return problem(c, code, { detail }) as never
}
