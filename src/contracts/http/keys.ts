import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { BOOTSTRAP_CLIENT, BOOTSTRAP_KEY_ID, keyBoundsSchema, SCOPES } from '../caller.ts'
import * as examples from '../examples/keys.ts'
import { timestampView } from '../fields.ts'
import { timedPageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'

/** Operators see it in lists and logs, so it has visible characters only. */
const clientField = z
  .string()
  .regex(
    /^[!-~](?:[ -~]{0,126}[!-~])?$/,
    'must be 1 to 128 printable ASCII characters, and begin and end with no space',
  )
  .refine((client) => client.toLowerCase() !== BOOTSTRAP_CLIENT, 'is the name of the bootstrap key')

const scopesField = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length)

const boundsField = keyBoundsSchema.optional().meta({
  description:
    'Limits for the undecided orders of the client, in orders placed with this key: how many at the same time, and how many units in them. Without it there is no such limit.',
})

const createKeySchema = z
  .strictObject({ client: clientField, scopes: scopesField, bounds: boundsField })
  .meta({ id: 'CreateKey' })

const keyFields = {
  id: z.string(),
  client: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  bounds: z.object({ openOrders: z.int(), openUnits: z.int() }).optional(),
}

const makerField = z
  .string()
  .nullable()
  .meta({
    description: `The id of the key that made it, \`${BOOTSTRAP_KEY_ID}\` for the bootstrap key; null where it was not stored (before 2026-11-27).`,
  })

export const createdKeySchema = z
  .object({
    ...keyFields,
    key: z
      .string()
      .optional()
      .meta({ description: 'Shown this one time: the response to a repeated request leaves it out.' }),
  })
  .meta({ id: 'CreatedKey' })

const listedKeySchema = z
  .object({
    ...keyFields,
    createdBy: makerField,
    createdAt: timestampView,
    revokedAt: timestampView.optional(),
  })
  .meta({ id: 'Key' })

export const createKey = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'createKey',
    tags: ['Keys'],
    summary: 'Create an API key for a client',
    description:
      'Only a hash of the key is stored, so it is shown once. It works at once, and may have any scopes: a key with the scope `operations` could give itself any other.',
    method: 'post',
    path: '/keys',
    request: {
      body: jsonBody(createKeySchema, true, { client: examples.key.client, scopes: examples.key.scopes }),
    },
    responses: {
      201: jsonResponse(createdKeySchema, 'The key, shown this one time', {
        example: examples.createdKey,
      }),
    },
  }),
})

export const listKeys = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listKeys',
    tags: ['Keys'],
    summary: 'List API keys, newest first',
    description: 'Revoked keys too, and each without its secret. The bootstrap key is not listed.',
    method: 'get',
    path: '/keys',
    request: { query: z.strictObject(timedPageQuery) },
    responses: {
      200: jsonResponse(pageOf(listedKeySchema), 'API keys without their secrets', {
        example: { items: [examples.listedKey] },
      }),
    },
  }),
})

const keyParam = z.object({
  id: z
    .string()
    .meta({ description: "The key's id: its part between the underscores.", examples: [examples.key.id] }),
})

const madeByKey = z.object({ id: z.string(), client: z.string(), createdBy: makerField })

/** A response names at most this many of each kind. All of them are revoked or disabled, also those that it leaves out. */
export const NAMED_MAX = 1_000

const named = (description: string) => z.array(madeByKey).max(NAMED_MAX).meta({ description })

const revokedKeySchema = z
  .object({
    id: z.string(),
    revoked: named('The key, and with `cascade` those that it made, those that they made, and so on.'),
    disabled: named(
      'The webhooks that these keys registered or turned to their address; only with `cascade`.',
    ),
    livesOn: z
      .object({
        keys: named('Good keys that it made.'),
        webhooks: named('Running webhooks that it made.')
          .optional()
          .meta({ description: 'Left out where the operations Worker did not reply.' }),
      })
      .meta({
        description:
          'The keys and webhooks that it made and that go on, without `cascade`. With `createdBy: null` also those that it may have made, before makers were stored.',
      }),
  })
  .meta({ id: 'RevokedKey' })

export type RevokedKey = z.infer<typeof revokedKeySchema>

export const revokeKey = operation({
  scope: 'operations',
  problems: ['key_not_found'],
  route: createRoute({
    operationId: 'revokeKey',
    tags: ['Keys'],
    summary: 'Revoke an API key',
    description:
      'The key is refused everywhere within 30 seconds. It cannot be restored. A repeated call has no further effect. With `cascade=true` the keys that it made are revoked too, and those that they made, and the webhooks of all of them are disabled. Without it the response names the keys and webhooks that live on. Where the webhooks cannot be disabled just now, the response is 503 although the keys are revoked: repeat the call.',
    method: 'delete',
    path: '/keys/{id}',
    request: {
      params: keyParam,
      query: z.strictObject({
        cascade: z.enum(['true', 'false']).optional(),
        reason: z.string().min(1).max(500).optional().meta({ description: 'Why, for the audit log.' }),
      }),
    },
    responses: {
      200: jsonResponse(
        revokedKeySchema,
        'Revoked, with the keys and webhooks that went with it or live on',
        {
          example: examples.revokedKey,
        },
      ),
      204: { description: 'Revoked, now or before; nothing that it made lives on' },
    },
  }),
})
