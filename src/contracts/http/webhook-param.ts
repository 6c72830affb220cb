import { z } from 'zod'
import { webhookExample } from '../examples/webhooks.ts'

/** Names one webhook in a path. */
export const webhookParam = z.object({
  id: z.string().meta({ description: "The webhook's id.", examples: [webhookExample.id] }),
})
