import { z } from 'zod'

/**
 * One Worker: ready, or what it lacks and what to do about it, in our own words. Orders go on despite `warnings`. `errors`
 * are the words of its parts: only a key with the scope `operations` sees them.
 */
export const workerReadinessSchema = z
  .object({
    ready: z.boolean(),
    problems: z.array(z.string()),
    warnings: z.array(z.string()).optional(),
    errors: z.array(z.string()).optional(),
  })
  .meta({ id: 'WorkerReadiness' })

export type WorkerReadiness = z.infer<typeof workerReadinessSchema>

/** An obstacle in our own words, with the error of the part where there is one. */
export type Finding = string | { problem: string; error: string }

/** `warnings` and `errors` are left out where there are none. */
export const readinessOf = (findings: readonly Finding[], warnings: string[]): WorkerReadiness => {
  const errors = findings.flatMap((finding) => (typeof finding === 'string' ? [] : finding.error))
  return {
    ready: findings.length === 0,
    problems: findings.map((finding) => (typeof finding === 'string' ? finding : finding.problem)),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(errors.length === 0 ? {} : { errors }),
  }
}
