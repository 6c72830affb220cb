import { z } from 'zod'
import { CONSUMERS } from '../dead-letter.ts'
import { pageQuery } from '../paging.ts'

/** More at once could flood a consumer that has only just come back. */
const REDRIVE_MAX = 100

const queueField = z.enum(CONSUMERS.map((consumer) => `${consumer}-inbox` as const))

export const listDeadLettersSchema = z.strictObject({
  ...pageQuery,
  queue: queueField.optional(),
  status: z.enum(['open', 'redriven', 'discarded']).optional(),
})

export const redriveSchema = z.strictObject({
  queue: queueField.optional(),
  ids: z.array(z.string().max(64)).min(1).max(REDRIVE_MAX).optional(),
  limit: z.int().min(1).max(REDRIVE_MAX).default(REDRIVE_MAX),
})

export const discardSchema = z.strictObject({ reason: z.string().min(1).max(500) })

export const deadLetterViewSchema = z.object({
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
