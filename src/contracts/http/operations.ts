import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { CONSUMERS } from '../dead-letter.ts'
import { deadLetterExample } from '../examples/operations.ts'
import { timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'

/** More at once could flood a consumer that has only just recovered. */
const REDRIVE_MAX = 100

export const queueField = z.enum(CONSUMERS.map((consumer) => `${consumer}-inbox` as const))

const listDeadLettersSchema = z.strictObject({
  ...pageQuery,
  queue: queueField.optional(),
  status: z.enum(['open', 'redriven', 'discarded']).optional(),
  reason: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'The word in `reason`, such as `bank_refused`.' }),
  type: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'The `type` of the event, such as `OrderPlaced`.' }),
})

const redriveSchema = z
  .strictObject({
    queue: queueField.optional().meta({ description: 'Only letters from this queue.' }),
    ids: z
      .array(z.string().max(64))
      .min(1)
      .max(REDRIVE_MAX)
      .optional()
      .meta({ description: 'These letters. Without it the open letters, oldest first.' }),
    limit: z.int().min(1).max(REDRIVE_MAX).default(REDRIVE_MAX),
  })
  .meta({ id: 'RedriveDeadLetters' })

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

export const redriveDeadLetters = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'redriveDeadLetters',
    tags: ['Dead letters'],
    summary: 'Send several dead letters again',
    description:
      'Each goes to its inbox again under its own id, so that it takes effect once. Of two variants the newest goes. Letters whose payment token was erased are left out.',
    method: 'post',
    path: '/dead-letters/redrive',
    request: { body: jsonBody(redriveSchema, false, { queue: 'inventory-inbox', limit: 10 }) },
    responses: {
      200: jsonResponse(z.object({ redriven: z.array(z.string()) }), 'Sent again', {
        example: { redriven: [deadLetterExample.id] },
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
