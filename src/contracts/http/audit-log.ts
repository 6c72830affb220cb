import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { AUDIT_KINDS } from '../audit-entry.ts'
import { PERSON_LENGTH_MAX } from '../caller.ts'
import { auditEntryExample } from '../examples/audit-log.ts'
import { timestampField, timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonResponse, operation, pageOf } from './operation.ts'

const wordField = z.string().min(1).max(64).optional()

const auditLogQuery = z.strictObject({
  ...pageQuery,
  kind: z.enum(AUDIT_KINDS).optional(),
  action: wordField.meta({ description: 'The word in `action`, such as `cancelled`.' }),
  client: z.string().min(1).max(128).optional().meta({ description: 'Whose key did it.' }),
  keyId: wordField.meta({ description: 'The id of the key that did it.' }),
  person: z.string().min(1).max(PERSON_LENGTH_MAX).optional().meta({
    description: 'The email address of the person who did it in the console, behind Cloudflare Access.',
  }),
  subject: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'The id of an order, product, key, webhook or dead letter.' }),
  since: timestampField.optional().meta({ description: 'Only actions of this time or later.' }),
  until: timestampField.optional().meta({ description: 'Only actions before this time.' }),
})

const detailsView = z.record(z.string(), z.unknown())

const auditEntryView = z
  .object({
    id: z.string(),
    at: timestampView,
    kind: z.enum(AUDIT_KINDS),
    action: z.string(),
    subject: z.string().meta({ description: 'The id of what the action is about.' }),
    actor: z
      .object({ client: z.string(), keyId: z.string().optional(), person: z.string().optional() })
      .meta({
        description:
          'The client, the id of its key (since 2026-11-28), and the person where Cloudflare Access let one into the console.',
      }),
    reason: z.string().optional(),
    outcome: z.enum(['done', 'unknown']).meta({
      description:
        '`unknown`: the call was admitted, and how it ended was not seen. Look at the subject. `after` is then what was asked for.',
    }),
    before: detailsView.optional().meta({ description: 'Fields of the subject just before.' }),
    after: detailsView.optional().meta({ description: 'The same after the action, or what it made.' }),
  })
  .meta({ id: 'AuditEntry' })

export const listAuditLog = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listAuditLog',
    tags: ['Audit'],
    summary: 'List who did what, newest first',
    description:
      'Changes of keys, orders (cancellations), refunds, stock, products, webhooks and dead letters, each with its actor, time and reason. It has no payment token, no secret and nothing about customers. A page that combines filters may be shorter than its limit, or empty, and still have a `nextCursor`.',
    method: 'get',
    path: '/audit-log',
    request: { query: auditLogQuery },
    responses: {
      200: jsonResponse(pageOf(auditEntryView), 'What was done, newest first', {
        example: { items: [auditEntryExample] },
      }),
    },
  }),
})

export type AuditLogQuery = z.infer<typeof auditLogQuery>
