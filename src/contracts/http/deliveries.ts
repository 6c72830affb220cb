import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { deliveryExample, pendingDeliveryExample } from '../examples/webhooks.ts'
import { timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonResponse, operation, pageOf } from './operation.ts'
import { webhookParam } from './webhook-param.ts'

export const deliverySchema = z
  .object({
    id: z.string().meta({ description: 'The header `webhook-id` of every try.' }),
    eventId: z.string(),
    type: z.string(),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int().min(0),
    lastStatus: z.int().optional().meta({ description: 'The status of the last response.' }),
    lastError: z.string().optional().meta({ description: 'Why there was no response.' }),
    lastTriedAt: timestampView.optional(),
    nextTryAt: timestampView.optional(),
    createdAt: timestampView,
  })
  .meta({ id: 'WebhookDelivery' })

const deliveryParam = webhookParam.extend({
  deliveryId: z.string().meta({ description: "The delivery's id.", examples: [deliveryExample.id] }),
})

export const testWebhook = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'webhook_disabled', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'testWebhook',
    tags: ['Webhooks'],
    summary: 'Send a test event',
    description: 'An event of type `WebhookTested`, logged like any other and tried once.',
    method: 'post',
    path: '/webhooks/{id}/test',
    request: { params: webhookParam },
    responses: {
      202: jsonResponse(deliverySchema, 'The delivery, on its way', { example: pendingDeliveryExample }),
    },
  }),
})

export const listDeliveries = operation({
  scope: 'orders:read',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'listDeliveries',
    tags: ['Webhooks'],
    summary: 'List what was sent to a webhook, newest first',
    description: 'Kept for seven days after they ended.',
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    request: { params: webhookParam, query: z.strictObject(pageQuery) },
    responses: {
      200: jsonResponse(pageOf(deliverySchema), 'Deliveries, newest first', {
        example: { items: [deliveryExample] },
      }),
    },
  }),
})

export const resendDelivery = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'delivery_not_found', 'webhook_disabled', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'resendDelivery',
    tags: ['Webhooks'],
    summary: 'Send a delivery again, under the same id',
    description:
      'Also one that was delivered or has failed: with the same id and body, and as many tries as a new one.',
    method: 'post',
    path: '/webhooks/{id}/deliveries/{deliveryId}/resend',
    request: { params: deliveryParam },
    responses: {
      202: jsonResponse(deliverySchema, 'The delivery, on its way again', {
        example: pendingDeliveryExample,
      }),
    },
  }),
})
