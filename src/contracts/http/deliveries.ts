import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { deliveryExample, pendingDeliveryExample } from '../examples/webhooks.ts'
import { timestampField, timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'
import { webhookParam } from './webhook-param.ts'

const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const

/** Each is a row that is written in one turn of the partition. */
const RESENT_MAX = 100

export const deliverySchema = z
  .object({
    id: z.string().meta({ description: 'The header `webhook-id` of every try.' }),
    eventId: z.string(),
    type: z.string(),
    status: z.enum(DELIVERY_STATUSES),
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

const listDeliveriesSchema = z.strictObject({
  ...pageQuery,
  status: z.enum(DELIVERY_STATUSES).optional().meta({
    description:
      'Only deliveries with this status. Of more than 1 000 pending ones, those that are due first.',
  }),
})

export const listDeliveries = operation({
  scope: 'orders:read',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'listDeliveries',
    tags: ['Webhooks'],
    summary: 'List what was sent to a webhook, newest first',
    description:
      'Kept for seven days after they ended. A page of `delivered` ones may be shorter than its limit, or empty, and still have a `nextCursor`.',
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    request: { params: webhookParam, query: listDeliveriesSchema },
    responses: {
      200: jsonResponse(pageOf(deliverySchema), 'Deliveries, newest first', {
        example: { items: [deliveryExample] },
      }),
    },
  }),
})

const resendDeliveriesSchema = z
  .strictObject({
    since: timestampField.meta({ description: 'Only deliveries that were made at this time or later.' }),
    until: timestampField
      .optional()
      .meta({ description: 'Only deliveries that were made before this time; now, if not given.' }),
    status: z.enum(['failed', 'pending']).default('failed').meta({
      description:
        '`failed`: those that were given up. `pending`: those that wait for a later attempt, which is due now instead.',
    }),
    limit: z
      .int()
      .min(1)
      .max(RESENT_MAX)
      .default(RESENT_MAX)
      .meta({ description: 'How many are sent again at most, the oldest first.' }),
    dryRun: z.boolean().default(false).meta({ description: 'Only counts, and sends nothing.' }),
  })
  .meta({ id: 'ResendDeliveries' })

export const bulkResendSchema = z
  .object({
    dryRun: z.boolean(),
    count: z.int().min(0).meta({
      description:
        'How many were sent again. In a dry run: how many would be, in all portions, counted up to 10 000.',
    }),
    hasMore: z.boolean().meta({ description: 'More match: the same call continues with them.' }),
  })
  .meta({ id: 'BulkResend' })

export const resendDeliveries = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'webhook_disabled', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'resendDeliveries',
    tags: ['Webhooks'],
    summary: 'Send the failed deliveries of a time again, in portions',
    description:
      'What was sent again no longer matches, so that the next call continues. Each goes under its own id, with as many tries as a new one, and waits for a free connection and for the end of the rest of the address. Tests are left out. A dry run also counts for a disabled webhook.',
    method: 'post',
    path: '/webhooks/{id}/resend',
    request: {
      params: webhookParam,
      body: jsonBody(resendDeliveriesSchema, true, {
        since: '2026-11-23T15:00:00Z',
        until: '2026-11-23T18:00:00Z',
      }),
    },
    responses: {
      200: jsonResponse(bulkResendSchema, 'A dry run: how many would be sent again', {
        example: { dryRun: true, count: 341, hasMore: false },
      }),
      202: jsonResponse(bulkResendSchema, 'A portion, on its way again', {
        example: { dryRun: false, count: 100, hasMore: true },
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
