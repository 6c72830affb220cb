import { BOOTSTRAP_CLIENT, type Caller } from '../../src/contracts/caller.ts'
import { currentCount, type PartitionCounts } from '../../src/kernel/partitions.ts'
import { customerLimitsOf, openShareOf, type PlacingLimits } from '../../src/order/open-order-limits.ts'
import type { OrderSettings } from './settings.ts'

/** An isolate remembers the shares of this many different limits. */
const KNOWN_MAX = 1_000

/** The limits that each order partition enforces for a caller. The bootstrap key belongs to the operators and has none. */
export const createCallerLimits = () => {
  const sharesUnder = new WeakMap<OrderSettings, Map<string, PlacingLimits>>()

  const sharesOf = ({ bounds }: Caller, settings: OrderSettings, counts: PartitionCounts): PlacingLimits => {
    const known = sharesUnder.get(settings) ?? new Map<string, PlacingLimits>()
    sharesUnder.set(settings, known)
    const count = currentCount(counts)
    const key = bounds === undefined ? '' : JSON.stringify(bounds)
    const shares = known.get(key) ?? {
      ...customerLimitsOf(settings.customerLimits, count),
      ...(bounds && { client: openShareOf({ orders: bounds.openOrders, units: bounds.openUnits }, count) }),
    }
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(key, shares)
    return shares
  }
  return (caller: Caller, settings: OrderSettings, counts: PartitionCounts): PlacingLimits | undefined =>
    caller.client === BOOTSTRAP_CLIENT ? undefined : sharesOf(caller, settings, counts)
}
