import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { pageQuery } from '../paging.ts'
import { WEBHOOK_TYPES } from '../webhook-types.ts'
import { jsonAnswer, jsonBody, operation, pageOf } from './operation.ts'

/** A day, unless the caller says otherwise: long enough to bring a new secret to every receiver. */
const OVERLAP_SECONDS_DEFAULT = 86_400
const OVERLAP_SECONDS_MAX = 7 * 86_400

const SECRET_PREFIX = 'whsec_'
const BYTES_MIN = 24
const BYTES_MAX = 64

/** As Standard Webhooks has it: `whsec_` and 24 to 64 bytes in base64. */
const isSecret = (secret: string): boolean => {
  const digits = secret.slice(SECRET_PREFIX.length)
  if (
    !secret.startsWith(SECRET_PREFIX) ||
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(digits)
  ) {
    return false
  }
  const bytes = (digits.length / 4) * 3 - (digits.length - digits.replace(/=+$/, '').length)
  return bytes >= BYTES_MIN && bytes <= BYTES_MAX
}

const secretField = z
  .string()
  .max(128)
  .refine(isSecret, `must be ${SECRET_PREFIX} and ${BYTES_MIN} to ${BYTES_MAX} bytes in base64`)

const typesField = z
  .array(z.enum(WEBHOOK_TYPES))
  .min(1)
  .max(WEBHOOK_TYPES.length)
  .refine((types) => new Set(types).size === types.length, 'must not name a type twice')

const urlField = z.string().min(1).max(2_048)

const registerWebhookSchema = z.strictObject({
  url: urlField,
  types: typesField,
  secret: secretField.optional(),
})

const changeWebhookSchema = z.strictObject({
  url: urlField.optional(),
  types: typesField.optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
})

const rotateSecretSchema = z.strictObject({
  secret: secretField.optional(),
  overlapSeconds: z.int().min(0).max(OVERLAP_SECONDS_MAX).default(OVERLAP_SECONDS_DEFAULT),
})

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  types: z.array(z.enum(WEBHOOK_TYPES)),
  status: z.enum(['enabled', 'disabled']),
  disabledReason: z.enum(['by_client', 'gone', 'unreachable']).optional(),
  client: z.string(),
  /** Whose orders it hears of. */
  hears: z.enum(['own', 'all']),
  /** Until when requests are signed with an older secret too. */
  oldSecretExpiresAt: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
})

/** The secret is shown once; a replayed answer leaves it out. */
export const webhookWithSecretSchema = webhookSchema.extend({ secret: z.string().optional() })

export const deliverySchema = z.object({
  id: z.string(),
  eventId: z.string(),
  type: z.string(),
  status: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.int(),
  lastStatus: z.int().optional(),
  lastError: z.string().optional(),
  lastTriedAt: z.string().optional(),
  nextTryAt: z.string().optional(),
  createdAt: z.string(),
})

const webhookParam = z.object({ id: z.string() })
const deliveryParam = z.object({ id: z.string(), deliveryId: z.string() })

export const registerWebhook = operation({
  scope: 'orders:write',
  problems: ['forbidden', 'webhook_limit_exceeded', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'registerWebhook',
    tags: ['Webhooks'],
    summary: 'Have events posted to an address',
    method: 'post',
    path: '/webhooks',
    request: { body: jsonBody(registerWebhookSchema, true) },
    responses: { 201: jsonAnswer(webhookWithSecretSchema, 'The webhook, and its secret this once') },
  }),
})

export const listWebhooks = operation({
  scope: 'orders:read',
  problems: [],
  route: createRoute({
    operationId: 'listWebhooks',
    tags: ['Webhooks'],
    summary: 'List webhooks, oldest first',
    method: 'get',
    path: '/webhooks',
    request: { query: z.strictObject(pageQuery) },
    responses: { 200: jsonAnswer(pageOf(webhookSchema), 'Webhooks, oldest first') },
  }),
})

export const getWebhook = operation({
  scope: 'orders:read',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'getWebhook',
    tags: ['Webhooks'],
    summary: 'Read a webhook',
    method: 'get',
    path: '/webhooks/{id}',
    request: { params: webhookParam },
    responses: { 200: jsonAnswer(webhookSchema, 'The webhook as it is now') },
  }),
})

export const changeWebhook = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'forbidden'],
  route: createRoute({
    operationId: 'changeWebhook',
    tags: ['Webhooks'],
    summary: 'Change the address or the events, disable, or enable again',
    method: 'patch',
    path: '/webhooks/{id}',
    request: { params: webhookParam, body: jsonBody(changeWebhookSchema, true) },
    responses: { 200: jsonAnswer(webhookSchema, 'The webhook as it is now') },
  }),
})

export const removeWebhook = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'removeWebhook',
    tags: ['Webhooks'],
    summary: 'Remove a webhook with its deliveries',
    method: 'delete',
    path: '/webhooks/{id}',
    request: { params: webhookParam },
    responses: { 204: { description: 'Removed' } },
  }),
})

export const rotateWebhookSecret = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'rotateWebhookSecret',
    tags: ['Webhooks'],
    summary: 'Give a webhook a new secret; the old one stays valid for an overlap',
    method: 'post',
    path: '/webhooks/{id}/rotate',
    request: { params: webhookParam, body: jsonBody(rotateSecretSchema, false) },
    responses: { 200: jsonAnswer(webhookWithSecretSchema, 'The webhook, and its new secret this once') },
  }),
})

export const testWebhook = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'webhook_disabled', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'testWebhook',
    tags: ['Webhooks'],
    summary: 'Send a test event',
    method: 'post',
    path: '/webhooks/{id}/test',
    request: { params: webhookParam },
    responses: { 202: jsonAnswer(deliverySchema, 'The delivery, on its way') },
  }),
})

export const listDeliveries = operation({
  scope: 'orders:read',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'listDeliveries',
    tags: ['Webhooks'],
    summary: 'List what was sent to a webhook, newest first',
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    request: { params: webhookParam, query: z.strictObject(pageQuery) },
    responses: { 200: jsonAnswer(pageOf(deliverySchema), 'Deliveries, newest first') },
  }),
})

export const resendDelivery = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'delivery_not_found', 'webhook_disabled', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'resendDelivery',
    tags: ['Webhooks'],
    summary: 'Send a delivery again, under the same id',
    method: 'post',
    path: '/webhooks/{id}/deliveries/{deliveryId}/resend',
    request: { params: deliveryParam },
    responses: { 202: jsonAnswer(deliverySchema, 'The delivery, on its way again') },
  }),
})
