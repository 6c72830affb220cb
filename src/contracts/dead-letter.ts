import { z } from 'zod'

export const CONSUMERS = ['order', 'inventory', 'payment', 'operations'] as const

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
