import { z } from 'zod'

/** What the edge asks of the operations Worker for the history of an hour, over its binding. */
export type LettersApi = { lettersByMinute(): Promise<unknown> }

/** How many dead letters came first in each minute of the last hour. Minutes without any are left out. */
export const lettersByMinuteSchema = z.array(z.object({ minute: z.int(), letters: z.int() }))

export type LettersByMinute = z.infer<typeof lettersByMinuteSchema>
