import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { CONSUMERS } from '../dead-letter.ts'
import { pageQuery } from '../paging.ts'
import { jsonAnswer, jsonBody, operation, pageOf } from './operation.ts'

/** More at once could flood a consumer that has only just come back. */
const REDRIVE_MAX = 100

const queueField = z.enum(CONSUMERS.map((consumer) => `${consumer}-inbox` as const))

const listDeadLettersSchema = z.strictObject({
  ...pageQuery,
  queue: queueField.optional(),
  status: z.enum(['open', 'redriven', 'discarded']).optional(),
})

const redriveSchema = z.strictObject({
  queue: queueField.optional(),
  ids: z.array(z.string().max(64)).min(1).max(REDRIVE_MAX).optional(),
  limit: z.int().min(1).max(REDRIVE_MAX).default(REDRIVE_MAX),
})

const discardSchema = z.strictObject({ reason: z.string().min(1).max(500) })

const deadLetterViewSchema = z.object({
  id: z.string(),
  queue: z.string(),
  consumer: z.enum(CONSUMERS),
  reason: z.string(),
  error: z.string(),
  attempts: z.int(),
  /** How often it was parked. */
  times: z.int(),
  event: z.unknown(),
  orderId: z.string().optional(),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  status: z.enum(['open', 'redriven', 'discarded']),
})

const letterParam = z.object({ id: z.string() })

export const listDeadLetters = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listDeadLetters',
    tags: ['Dead letters'],
    summary: 'List what could not be handled, newest first',
    method: 'get',
    path: '/dead-letters',
    request: { query: listDeadLettersSchema },
    responses: { 200: jsonAnswer(pageOf(deadLetterViewSchema), 'What could not be handled, newest first') },
  }),
})

export const redriveDeadLetters = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'redriveDeadLetters',
    tags: ['Dead letters'],
    summary: 'Send several dead letters again',
    method: 'post',
    path: '/dead-letters/redrive',
    request: { body: jsonBody(redriveSchema, false) },
    responses: { 200: jsonAnswer(z.object({ redriven: z.array(z.string()) }), 'Sent again') },
  }),
})

export const redriveDeadLetter = operation({
  scope: 'operations',
  problems: ['dead_letter_not_found', 'idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'redriveDeadLetter',
    tags: ['Dead letters'],
    summary: 'Send a dead letter again',
    method: 'post',
    path: '/dead-letters/{id}/redrive',
    request: { params: letterParam },
    responses: { 200: jsonAnswer(deadLetterViewSchema, 'Sent again') },
  }),
})

export const discardDeadLetter = operation({
  scope: 'operations',
  problems: ['dead_letter_not_found', 'idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'discardDeadLetter',
    tags: ['Dead letters'],
    summary: 'Give a dead letter up, with a reason',
    method: 'post',
    path: '/dead-letters/{id}/discard',
    request: { params: letterParam, body: jsonBody(discardSchema, true) },
    responses: { 200: jsonAnswer(deadLetterViewSchema, 'Kept, and never to be sent again') },
  }),
})
