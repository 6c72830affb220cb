import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { failingHealthExample, healthExample, secretExample, webhookExample } from '../examples/webhooks.ts'
import { timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { WEBHOOK_TYPES } from '../webhook-types.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'
import { webhookParam } from './webhook-param.ts'

/** A day, unless the caller chooses otherwise: long enough to give a new secret to every receiver. */
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

const registerWebhookSchema = z
  .strictObject({ url: urlField, types: typesField, secret: secretField.optional() })
  .meta({ id: 'RegisterWebhook' })

const changeWebhookSchema = z
  .strictObject({
    url: urlField.optional(),
    types: typesField.optional(),
    status: z.enum(['enabled', 'disabled']).optional(),
  })
  .meta({ id: 'ChangeWebhook' })

const rotateSecretSchema = z
  .strictObject({
    secret: secretField.optional(),
    overlapSeconds: z
      .int()
      .min(0)
      .max(OVERLAP_SECONDS_MAX)
      .default(OVERLAP_SECONDS_DEFAULT)
      .meta({ description: 'How long requests are signed with the old secret too; 0 ends it at once.' }),
  })
  .meta({ id: 'RotateWebhookSecret' })

const webhookFields = {
  id: z.string(),
  url: z.string(),
  types: z.array(z.enum(WEBHOOK_TYPES)),
  status: z.enum(['pending', 'enabled', 'disabled']).meta({
    description:
      'Every order that is placed while it is `enabled` is announced to it. `pending`: not every order partition has stored its types yet; it becomes `enabled` by itself.',
  }),
  disabledReason: z.enum(['by_client', 'gone', 'unreachable', 'key_revoked']).optional().meta({
    description:
      '`gone`: it responded with 410. `unreachable`: it took nothing for a day. `key_revoked`: the key that made it was revoked with `cascade`.',
  }),
  client: z.string(),
  createdBy: z.string().nullable().meta({
    description: 'The id of the key that registered it; null where it was not stored (before 2026-11-27).',
  }),
  addressSetBy: z
    .string()
    .optional()
    .meta({ description: 'The id of the key that last changed its address.' }),
  hears: z
    .enum(['own', 'all'])
    .meta({ description: 'Whether it hears of the orders of its own client, or of all clients.' }),
  oldSecretExpiresAt: timestampView
    .optional()
    .meta({ description: 'Until when requests are signed with an older secret too.' }),
  createdAt: timestampView,
  updatedAt: timestampView,
}

export const webhookSchema = z.object(webhookFields).meta({ id: 'Webhook' })

export const webhookHealthSchema = z
  .object({
    status: z.enum(['healthy', 'failing']).meta({
      description:
        '`failing`: every attempt since `failingSince` failed. `healthy`: the last attempt succeeded, or there was none yet.',
    }),
    failingSince: timestampView.optional().meta({ description: 'When the first of these attempts failed.' }),
    consecutiveFailures: z.int().min(0).meta({
      description:
        'Attempts that failed since the last success. Attempts that end while the address rests count as one.',
    }),
    lastStatus: z.int().optional().meta({ description: 'The status of the last failed attempt.' }),
    lastError: z.string().optional().meta({ description: 'Why the last failed attempt had no response.' }),
    nextTryAt: timestampView.optional().meta({
      description: 'When the next attempt is due. Absent where nothing is pending, and while it is disabled.',
    }),
    pending: z.int().min(0).meta({ description: 'Deliveries on their way, counted up to 1 000.' }),
    failed: z.int().min(0).meta({
      description: 'Deliveries of the last seven days that were given up, counted up to 1 000.',
    }),
  })
  .meta({ id: 'WebhookHealth' })

export const webhookWithHealthSchema = z
  .object({ ...webhookFields, health: webhookHealthSchema })
  .meta({ id: 'WebhookWithHealth' })

export const webhookWithSecretSchema = z
  .object({
    ...webhookFields,
    secret: z
      .string()
      .optional()
      .meta({ description: 'Shown this one time: the response to a repeated request leaves it out.' }),
  })
  .meta({ id: 'WebhookWithSecret' })

export const registerWebhook = operation({
  scope: 'orders:write',
  problems: ['forbidden', 'webhook_limit_exceeded', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'registerWebhook',
    tags: ['Webhooks'],
    summary: 'Have events posted to an address',
    description:
      'The URL is checked: https, and no private address. The response waits until every order partition has stored the types: every order placed after a 201 is announced. Where that takes more than a few seconds the response is 202, and the webhook is `pending` until then.',
    method: 'post',
    path: '/webhooks',
    request: {
      body: jsonBody(registerWebhookSchema, true, { url: webhookExample.url, types: webhookExample.types }),
    },
    responses: {
      201: jsonResponse(webhookWithSecretSchema, 'The webhook, enabled, and its secret this one time', {
        example: { ...webhookExample, secret: secretExample },
      }),
      202: jsonResponse(webhookWithSecretSchema, 'The webhook, still pending, and its secret this one time', {
        example: { ...webhookExample, status: 'pending', secret: secretExample },
      }),
    },
  }),
})

const listWebhooksSchema = z.strictObject({
  ...pageQuery,
  health: z
    .literal('failing', 'must be failing: leave it out to list healthy webhooks too')
    .optional()
    .meta({ description: 'Only webhooks whose address has failed since its last success.' }),
})

export const listWebhooks = operation({
  scope: 'orders:read',
  problems: [],
  route: createRoute({
    operationId: 'listWebhooks',
    tags: ['Webhooks'],
    summary: 'List webhooks, oldest first',
    description:
      'The webhooks of the client, each with its health. With the scope `operations`, those of all clients.',
    method: 'get',
    path: '/webhooks',
    request: { query: listWebhooksSchema },
    responses: {
      200: jsonResponse(pageOf(webhookWithHealthSchema), 'Webhooks, oldest first', {
        example: { items: [{ ...webhookExample, health: failingHealthExample }] },
      }),
    },
  }),
})

export const getWebhook = operation({
  scope: 'orders:read',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'getWebhook',
    tags: ['Webhooks'],
    summary: 'Read a webhook',
    description: 'With its health, without its secrets.',
    method: 'get',
    path: '/webhooks/{id}',
    request: { params: webhookParam },
    responses: {
      200: jsonResponse(webhookWithHealthSchema, 'The webhook as it is now', {
        example: { ...webhookExample, health: healthExample },
      }),
    },
  }),
})

export const changeWebhook = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found', 'forbidden'],
  route: createRoute({
    operationId: 'changeWebhook',
    tags: ['Webhooks'],
    summary: 'Change the address or the events, disable, or enable again',
    description:
      'Disabling gives up all deliveries, except for a request that is just being made. Events of the time while it is disabled are never sent. Where it is enabled again or gets more types of order events, the response waits as for a new webhook, and is 202 where the webhook is still `pending`.',
    method: 'patch',
    path: '/webhooks/{id}',
    request: { params: webhookParam, body: jsonBody(changeWebhookSchema, true, { status: 'disabled' }) },
    responses: {
      200: jsonResponse(webhookSchema, 'The webhook as it is now', {
        example: { ...webhookExample, status: 'disabled', disabledReason: 'by_client' },
      }),
      202: jsonResponse(webhookSchema, 'The webhook, still pending', {
        example: { ...webhookExample, status: 'pending' },
      }),
    },
  }),
})

export const removeWebhook = operation({
  scope: 'orders:write',
  problems: ['webhook_not_found'],
  route: createRoute({
    operationId: 'removeWebhook',
    tags: ['Webhooks'],
    summary: 'Remove a webhook with its deliveries',
    description:
      'Nothing is sent to it any more, except for a request that is just being made, and its log is deleted.',
    method: 'delete',
    path: '/webhooks/{id}',
    request: { params: webhookParam },
    responses: { 204: { description: 'Removed' } },
  }),
})

export const rotateWebhookSecret = operation({
  scope: 'orders:write',
  problems: ['forbidden', 'webhook_not_found', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'rotateWebhookSecret',
    tags: ['Webhooks'],
    summary: 'Give a webhook a new secret; the old one stays valid for an overlap',
    description:
      'While both are valid every request has a signature of each. The key also needs the scopes to read the events of the webhook: with the secret its bearer can sign requests to the receiver as this system does.',
    method: 'post',
    path: '/webhooks/{id}/rotate',
    request: { params: webhookParam, body: jsonBody(rotateSecretSchema, false, { overlapSeconds: 3_600 }) },
    responses: {
      200: jsonResponse(webhookWithSecretSchema, 'The webhook, and its new secret this one time', {
        example: { ...webhookExample, oldSecretExpiresAt: '2026-11-24T14:20:02.255Z', secret: secretExample },
      }),
    },
  }),
})
