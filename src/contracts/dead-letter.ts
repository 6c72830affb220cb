import { z } from 'zod'
import { ALL_SUBSCRIBERS } from './topology.ts'

export const CONSUMERS = ALL_SUBSCRIBERS

/** An event that its consumer could not handle, as it lies on the consumer's dead-letter queue. */
export const deadLetterSchema = z.object({
  consumer: z.enum(CONSUMERS),
  /** A word to search for: `schema_broken`, `newer_version`, … */
  reason: z.string(),
  error: z.string(),
  /** Deliveries until it was given up. */
  attempts: z.int(),
  firstSeenAt: z.string(),
  /** As it came, readable or not. */
  event: z.unknown(),
})

export type DeadLetter = z.infer<typeof deadLetterSchema>
