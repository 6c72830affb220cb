import { z } from 'zod'

/** Ids of events that took effect at a subscriber. Their publisher sends them no more. */
export const factNotedSchema = z.object({ ids: z.array(z.string().min(1).max(256)).min(1).max(100) })
