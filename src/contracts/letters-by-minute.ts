import { z } from 'zod'

/**
 * What the edge asks of the operations Worker for the history of the last hours, over its binding. A Worker of an earlier
 * version responds with one hour.
 */
export type LettersApi = { lettersByMinute(hours?: unknown): Promise<unknown> }

export const letterHoursSchema = z.int().min(1).max(24).default(1)

/** How many dead letters came first in each minute of the last hours. Minutes without any are left out. */
export const lettersByMinuteSchema = z.array(z.object({ minute: z.int(), letters: z.int() }))

export type LettersByMinute = z.infer<typeof lettersByMinuteSchema>
