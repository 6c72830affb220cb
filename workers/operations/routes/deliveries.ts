import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import {
  listDeliveries,
  resendDeliveries,
  resendDelivery,
  testWebhook,
} from '../../../src/contracts/http/deliveries.ts'
import { type Position, toPage } from '../../../src/contracts/paging.ts'
import { fromTimestamp } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { DeliveryPosition } from '../../../src/operations/partition/delivery-list.ts'
import type { DeliveryView } from '../../../src/operations/webhook-view.ts'
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
    const { status } = c.req.valid('query')
    const wanted = { status, after: deliveryAt(page.value.after), limit: page.value.limit + 1 }
    const found = await webhookObject(c.env).listDeliveries(id, c.var.caller, wanted)
    if (found === undefined) return webhookNotFound(c, id)
    const goesOn = found.goesOnAfter && { goesOnAfter: positionAt(found.goesOnAfter) }
    return c.json(toPage(found.deliveries, { ...page.value, ...goesOn }, VIEW), 200)
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

  serve(app, resendDeliveries, async (c) => {
    const { id: webhookId } = c.req.valid('param')
    const { since, until, dryRun, ...how } = c.req.valid('json')
    const { caller } = c.var
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const time = {
      since: fromTimestamp(since),
      until: until === undefined ? undefined : fromTimestamp(until),
    }
    const wanted = { webhookId, caller, request: request.value, ...how, ...time, isDryRun: dryRun }
    const sent = await webhookObject(c.env).resendMany(wanted)
    if (sent.ok) return c.json(sent.value.view, dryRun ? 200 : 202, replayed(sent.value.isReplay))
    if (sent.reason.code === 'rate_limited') return tooManyKeys(c, sent.reason)
    return refused(c, webhookId, sent.reason.code)
  })

  return app
}

/** A delivery's place in the list, as a cursor has it. */
const positionAt = ({ id, createdAt }: DeliveryPosition): Position => [id, String(createdAt)]

/** Cursors of earlier versions have no time. The lists that need it had no cursor then. */
const deliveryAt = (position: Position | undefined): DeliveryPosition | undefined =>
  position && { id: position[0], createdAt: Number(position[1]) }

const VIEW = {
  item: (delivery: DeliveryView) => delivery,
  position: ({ id, createdAt }: DeliveryView) => positionAt({ id, createdAt: fromTimestamp(createdAt) }),
}

type SendRefusal = 'webhook_not_found' | 'webhook_disabled' | 'idempotency_key_reused'

const refused = (c: Context, webhookId: string, code: SendRefusal) => {
  if (code === 'webhook_not_found') return webhookNotFound(c, webhookId)
  if (code === 'idempotency_key_reused') return problem(c, code)
  return problem(c, code, { detail: `${webhookId} is disabled: enable it first.` })
}

const deliveryNotFound = (c: Context, webhookId: string, deliveryId: string) =>
  problem(c, 'delivery_not_found', { detail: `There is no delivery ${deliveryId} to ${webhookId}.` })
