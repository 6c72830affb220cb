import { z } from 'zod'

/** One Worker: ready, or what it lacks and what to do about it. `warnings` keep it from nothing that orders need. */
export const workerReadinessSchema = z
  .object({ ready: z.boolean(), problems: z.array(z.string()), warnings: z.array(z.string()).optional() })
  .meta({ id: 'WorkerReadiness' })

export type WorkerReadiness = z.infer<typeof workerReadinessSchema>

/** `warnings` is left out where there is none. */
export const readinessOf = (problems: string[], warnings: string[]): WorkerReadiness => ({
  ready: problems.length === 0,
  problems,
  ...(warnings.length === 0 ? {} : { warnings }),
})
