import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { CONSUMERS } from '../dead-letter.ts'
import { deadLetterExample, validationExample } from '../examples/operations.ts'
import { timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'

export const queueField = z.enum(CONSUMERS.map((consumer) => `${consumer}-inbox` as const))

export const reasonField = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .meta({ description: 'The word in `reason`, such as `bank_refused`.' })

export const typeField = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: 'The `type` of the event, such as `OrderPlaced`.' })

const listDeadLettersSchema = z.strictObject({
  ...pageQuery,
  queue: queueField.optional(),
  status: z.enum(['open', 'redriven', 'discarded']).optional(),
  reason: reasonField,
  type: typeField,
})

const discardSchema = z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'DiscardDeadLetter' })

export const deadLetterViewSchema = z
  .object({
    id: z.string(),
    queue: queueField,
    consumer: z.enum(CONSUMERS),
    reason: z.string().meta({ description: 'A word to search for: `schema_broken`, `newer_version`, …' }),
    error: z.string(),
    attempts: z.int().min(0).meta({ description: 'Deliveries until the consumer gave it up.' }),
    times: z.int().min(1).meta({ description: 'How often it was parked.' }),
    event: z.unknown().meta({
      description:
        'As it came, readable or not. Of several variants under one `source` and `id`, the newest.',
    }),
    first: z
      .object({ reason: z.string(), error: z.string(), event: z.unknown() })
      .optional()
      .meta({ description: 'The variant that came first, where the newest one says something else.' }),
    orderId: z.string().optional(),
    client: z.string().optional().meta({ description: 'The client of the order, where the event names it.' }),
    firstSeenAt: timestampView,
    lastSeenAt: timestampView,
    status: z.enum(['open', 'redriven', 'discarded']),
    reopenedAt: timestampView.optional().meta({
      description: 'When another variant of the event came after the letter was discarded.',
    }),
    closedBy: z
      .object({
        client: z.string(),
        at: timestampView,
        reason: z.string().optional().meta({ description: 'Why the letter was discarded.' }),
      })
      .optional()
      .meta({ description: 'Who redrove or discarded the letter. Absent while it is open.' }),
  })
  .meta({ id: 'DeadLetter' })

export const validationSchema = z
  .object({
    schema: z
      .string()
      .optional()
      .meta({ description: 'The path of the schema. Absent where the type is unknown.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).meta({
      description: 'Where the event differs from it, each with a JSON pointer. Empty: it can be read.',
    }),
  })
  .meta({ id: 'EventValidation' })

export type EventValidation = z.infer<typeof validationSchema>

export const deadLetterDetailSchema = deadLetterViewSchema
  .extend({
    validation: validationSchema.meta({
      description: 'The stored event against its schema, of this release.',
    }),
  })
  .meta({ id: 'DeadLetterDetail' })

const letterParam = z.object({
  id: z.string().meta({ description: "The letter's id.", examples: [deadLetterExample.id] }),
})

export const listDeadLetters = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listDeadLetters',
    tags: ['Dead letters'],
    summary: 'List what could not be handled, newest first',
    description:
      'Each event that a consumer gave up, with the reason. A page that combines filters may be shorter than its limit, or empty, and still have a `nextCursor`.',
    method: 'get',
    path: '/dead-letters',
    request: { query: listDeadLettersSchema },
    responses: {
      200: jsonResponse(pageOf(deadLetterViewSchema), 'What could not be handled, newest first', {
        example: { items: [deadLetterExample] },
      }),
    },
  }),
})

export const getDeadLetter = operation({
  scope: 'operations',
  problems: ['dead_letter_not_found'],
  route: createRoute({
    operationId: 'getDeadLetter',
    tags: ['Dead letters'],
    summary: 'Read a dead letter, with its event against its schema',
    description:
      '`validation` is about the event as it is stored, with its payment token, which `event` leaves out. `GET /audit-log?subject=` has what operators did about the letter.',
    method: 'get',
    path: '/dead-letters/{id}',
    request: { params: letterParam },
    responses: {
      200: jsonResponse(deadLetterDetailSchema, 'The letter', {
        example: { ...deadLetterExample, validation: validationExample },
      }),
    },
  }),
})

export const redriveDeadLetter = operation({
  scope: 'operations',
  problems: [
    'dead_letter_not_found',
    'idempotency_key_reused',
    'payment_token_erased',
    'request_in_progress',
  ],
  route: createRoute({
    operationId: 'redriveDeadLetter',
    tags: ['Dead letters'],
    summary: 'Send a dead letter again',
    description:
      'It goes to its inbox again under its own id; of two variants the newest goes. If it cannot be handled this time either, it is `open` again. A closed letter whose payment token was erased is refused.',
    method: 'post',
    path: '/dead-letters/{id}/redrive',
    request: { params: letterParam },
    responses: {
      200: jsonResponse(deadLetterViewSchema, 'Sent again', {
        example: {
          ...deadLetterExample,
          status: 'redriven',
          closedBy: { client: 'support', at: '2026-11-23T14:31:12.054Z' },
        },
      }),
    },
  }),
})

export const discardDeadLetter = operation({
  scope: 'operations',
  problems: ['dead_letter_not_found', 'idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'discardDeadLetter',
    tags: ['Dead letters'],
    summary: 'Give a dead letter up, with a reason',
    description:
      'It stays in the list, and stays discarded if the same event comes again. Another event under its `source` and `id` opens it again.',
    method: 'post',
    path: '/dead-letters/{id}/discard',
    request: {
      params: letterParam,
      body: jsonBody(discardSchema, true, { reason: 'a test of the web shop' }),
    },
    responses: {
      200: jsonResponse(deadLetterViewSchema, 'Kept, and never to be sent again', {
        example: {
          ...deadLetterExample,
          status: 'discarded',
          closedBy: { client: 'support', at: '2026-11-23T14:31:12.054Z', reason: 'a test of the web shop' },
        },
      }),
    },
  }),
})
