import { z } from 'zod'

/** One Worker: ready, or what it lacks and what to do about it. */
export const workerReadinessSchema = z
  .object({ ready: z.boolean(), problems: z.array(z.string()) })
  .meta({ id: 'WorkerReadiness' })

export type WorkerReadiness = z.infer<typeof workerReadinessSchema>
