import { z } from 'zod'
import { timestampView } from '../fields.ts'

/** What a Worker is made of: for the page of an operator who looks for what is missing. Values of settings are in none of it. */
const workerPartsSchema = z.object({
  bindings: z.array(
    z.object({
      name: z.string(),
      kind: z.string().meta({
        description: '`database`, `objects`, `queue`, `worker`, `rate limit`, or a class of the platform.',
      }),
      migrations: z.int().optional().meta({ description: 'How many are applied.' }),
      newest: z.string().optional().meta({ description: 'The newest migration that is applied.' }),
    }),
  ),
  settings: z.array(z.string()).meta({ description: 'Names of the settings and secrets that are set.' }),
  version: z
    .object({ id: z.string(), tag: z.string().optional(), deployedAt: timestampView.optional() })
    .optional(),
})

export type WorkerParts = z.infer<typeof workerPartsSchema>

/**
 * One Worker: ready, or what it lacks and what to do about it, in our own words. Orders go on despite `warnings`. `errors`
 * are the words of its parts, and `parts` is what it is made of: only a key with the scope `operations` sees them.
 */
export const workerReadinessSchema = z
  .object({
    ready: z.boolean(),
    problems: z.array(z.string()),
    warnings: z.array(z.string()).optional(),
    errors: z.array(z.string()).optional(),
    parts: workerPartsSchema.optional(),
  })
  .meta({ id: 'WorkerReadiness' })

export type WorkerReadiness = z.infer<typeof workerReadinessSchema>

/** An obstacle in our own words, with the error of the part where there is one. */
export type Finding = string | { problem: string; error: string }

/** `warnings`, `errors` and `parts` are left out where there are none. */
export const readinessOf = (
  findings: readonly Finding[],
  warnings: string[],
  parts?: WorkerParts,
): WorkerReadiness => {
  const errors = findings.flatMap((finding) => (typeof finding === 'string' ? [] : finding.error))
  return {
    ready: findings.length === 0,
    problems: findings.map((finding) => (typeof finding === 'string' ? finding : finding.problem)),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(errors.length === 0 ? {} : { errors }),
    ...(parts !== undefined && { parts }),
  }
}
