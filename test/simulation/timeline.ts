import { partitionCountsText } from '../../src/kernel/partitions.ts'
import type { Outcome } from './world/plan.ts'

/** A world as text for a person: how it was built, what the clients wanted, which faults struck, what happened. */
export const timelineOf = (outcome: Outcome): string[] => {
  const { plan, setup, workload, rates, struck, log, violations } = outcome
  const chosen = workload.actions.filter((_, index) => plan.onlyActions?.includes(index) ?? true)
  const active = [...rates].filter(([fault]) => !plan.withoutFaults?.includes(fault))
  return [
    `seed ${plan.seed}: ${setup.bank} bank, orders over ${partitionCountsText(setup.orderPartitions)}, stock over ${setup.stockPartitions}, deadline ${setup.deadlineMs / 1_000} s`,
    `products: ${setup.products.map((each) => `${each.productId} ${each.received} at ${each.unitPriceMinor}`).join(', ')}`,
    ...chosen.map((action) => `wanted: ${JSON.stringify(action)}`),
    `faults: ${active.map(([fault, rate]) => `${fault} ${rate.toFixed(3)}`).join(', ') || 'none'}`,
    `struck: ${struck.join(', ') || 'nothing'}`,
    ...log,
    ...violations.map(({ invariant, detail, atMs }) => `BROKEN at ${atMs} ms: ${invariant}: ${detail}`),
  ]
}
