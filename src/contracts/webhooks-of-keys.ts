import { z } from 'zod'

/** What the edge asks of the operations Worker when keys are revoked, over its binding. No HTTP request reaches it. */
export type OperationsApi = { webhooksOfKeys(wanted: WebhooksOfKeysRequest): Promise<unknown> }

export const webhooksOfKeysRequestSchema = z.object({
  keyIds: z.array(z.string()),
  /** Its webhooks without a known maker are named too. They are never disabled. */
  client: z.string(),
  disable: z.boolean(),
})

export type WebhooksOfKeysRequest = z.infer<typeof webhooksOfKeysRequestSchema>

/** `createdBy` is null where older code registered it. */
const webhookOfKeySchema = z.object({ id: z.string(), client: z.string(), createdBy: z.string().nullable() })

export const webhooksOfKeysSchema = z.object({
  disabled: z.array(webhookOfKeySchema),
  /** What goes on. */
  running: z.array(webhookOfKeySchema),
})

export type WebhooksOfKeys = z.infer<typeof webhooksOfKeysSchema>
