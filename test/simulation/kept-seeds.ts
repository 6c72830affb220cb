import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { FAULTS } from './platform/fault-plan.ts'
import type { Plan } from './world/plan.ts'

const planSchema = z.object({
  seed: z.int(),
  withoutFaults: z.array(z.enum(FAULTS as [string, ...string[]])).optional(),
  onlyStrikes: z.array(z.string()).optional(),
  onlyActions: z.array(z.int()).optional(),
  bank: z.literal('stripe').optional(),
  /** What was wrong when the seed was kept. */
  why: z.string().optional(),
})

const fileSchema = z.union([planSchema.transform((plan) => [plan]), z.array(planSchema)])

/** The plans of a file: one, or a list of them. */
export const readPlans = (path: string): Plan[] =>
  fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).map(({ why: _why, ...plan }) => plan as Plan)

/** Worlds that once broke an invariant. */
export const readKeptPlans = (): Plan[] => readPlans(resolve(import.meta.dirname, 'kept-seeds.json'))
