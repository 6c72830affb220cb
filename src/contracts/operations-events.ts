import { z } from 'zod'
import { ANNOUNCED } from './webhook-types.ts'

/** Which facts about orders some webhook wants to hear of, by now. */
export const webhooksChangedSchema = z.object({ types: z.array(z.enum(ANNOUNCED)) })

/** Sent to one webhook because somebody asked for it. */
export const webhookTestedSchema = z.object({ webhookId: z.string().min(1).max(64) })
