import { z } from 'zod'

/** What the edge asks of the payment Worker for the history of an hour, over its binding. */
export type BankByMinuteApi = { bankByMinute(): Promise<unknown> }

/** How often the bank was called in each minute of the last hour, and how many of these calls failed or got no response. */
export const bankByMinuteSchema = z.array(z.object({ minute: z.int(), calls: z.int(), failures: z.int() }))

export type BankByMinute = z.infer<typeof bankByMinuteSchema>
