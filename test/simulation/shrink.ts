import { FAULTS, type Fault } from './platform/fault-plan.ts'
import type { Outcome, Plan } from './world/plan.ts'
import { runWorld } from './world/world.ts'

/** The search for a smaller world ends after this. */
const SHRINK_MS_MAX = 60_000

/** The smallest world found that still breaks the same invariant: few actions, few kinds of faults, few strikes. */
export const shrink = async (plan: Plan, invariant: string): Promise<Plan> => {
  const startedAt = performance.now()
  const fails = async (candidate: Plan): Promise<Outcome | undefined> => {
    if (performance.now() - startedAt > SHRINK_MS_MAX) return undefined
    const outcome = await runWorld(candidate)
    return outcome.violations.some((violation) => violation.invariant === invariant) ? outcome : undefined
  }
  const first = await runWorld(plan)
  let best: Plan = {
    ...plan,
    onlyActions: plan.onlyActions ?? first.workload.actions.map((_, index) => index),
  }
  const actions = await fewest(best.onlyActions ?? [], (onlyActions) => fails({ ...best, onlyActions }))
  best = { ...best, onlyActions: actions }
  const kinds = await fewest(FAULTS, (kept) => fails({ ...best, withoutFaults: without(kept) }))
  best = { ...best, withoutFaults: without(kinds) }
  const { struck } = await runWorld(best)
  const strikes = await fewest(struck, (onlyStrikes) => fails({ ...best, onlyStrikes }))
  best = { ...best, onlyStrikes: strikes }
  const fewer = await fewest(best.onlyActions ?? [], (onlyActions) => fails({ ...best, onlyActions }))
  return { ...best, onlyActions: fewer }
}

const without = (kept: readonly Fault[]): Fault[] => FAULTS.filter((fault) => !kept.includes(fault))

/** Leaves out ever smaller parts, as long as it still fails (delta debugging). */
const fewest = async <Item>(
  items: readonly Item[],
  fails: (kept: readonly Item[]) => Promise<Outcome | undefined>,
): Promise<readonly Item[]> => {
  let kept = items
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length; ) {
      const candidate = [...kept.slice(0, start), ...kept.slice(start + size)]
      if (await fails(candidate)) kept = candidate
      else start += size
    }
  }
  return kept
}
