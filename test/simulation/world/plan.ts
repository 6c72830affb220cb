import type { Fault, Reduction } from '../platform/fault-plan.ts'
import type { Cells } from './coverage.ts'
import type { Setup } from './setup.ts'
import type { Workload } from './workload.ts'

/** Which world to run. */
export type Plan = Reduction & {
  seed: number
  /** The only actions that happen, by their place in the workload. */
  onlyActions?: readonly number[]
  /** Stripe is the bank of this world, whatever the seed says. */
  bank?: 'stripe'
}

export type Violation = { invariant: string; detail: string; atMs: number }

/** The result of one world. */
export type Outcome = {
  plan: Plan
  violations: readonly Violation[]
  orders: number
  steps: number
  /** How long the world lived by its own clock. */
  virtualMs: number
  struck: readonly string[]
  rates: ReadonlyMap<Fault, number>
  setup: Setup
  workload: Workload
  cells: Cells
  /** Every line of the timeline, where the timeline was asked for. */
  log: readonly string[]
}
