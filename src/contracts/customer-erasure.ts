import { z } from 'zod'
import { labelField } from './fields.ts'

/** What stands in the place of a customer's id once the data about the customer were erased. */
export const ERASED = '[erased]'

/** A customer of a client. Equal ids at two clients are two customers. */
export const customerSchema = z.object({
  client: z.string().min(1).max(64),
  customerId: labelField.refine(
    (id) => id !== ERASED,
    `must not be ${ERASED}, which no customer has any more`,
  ),
})

export type Customer = z.infer<typeof customerSchema>

/** What the edge asks of the operations Worker, over its binding. No HTTP request reaches it. */
export type LetterErasureApi = { eraseFromLetters(wanted: LetterErasureRequest): Promise<unknown> }

export const letterErasureRequestSchema = z.object({
  customer: customerSchema,
  /** The id of the last letter of the portion before; empty at first. */
  after: z.string(),
  isDryRun: z.boolean(),
})

export type LetterErasureRequest = z.infer<typeof letterErasureRequestSchema>

/** `next` is the id to go on after. The last portion has none. */
export const letterErasureSchema = z.object({ erased: z.int(), next: z.string().optional() })

export type LetterErasure = z.infer<typeof letterErasureSchema>
