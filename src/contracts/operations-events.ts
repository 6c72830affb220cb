import { z } from 'zod'
import { ANNOUNCED } from './webhook-types.ts'

/** The types of facts about orders that at least one webhook wants, by now. */
export const webhooksChangedSchema = z.object({ types: z.array(z.enum(ANNOUNCED)) })

/** Sent to one webhook because its client asked for it. */
export const webhookTestedSchema = z.object({ webhookId: z.string().min(1).max(64) })
