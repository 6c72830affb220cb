import { BOOTSTRAP_CLIENT, type Caller } from '../../src/contracts/caller.ts'
import { currentCount } from '../../src/kernel/partitions.ts'
import { customerBoundsOf, openShareOf, type PlacingBounds } from '../../src/order/open-order-bounds.ts'
import type { OrderSettings } from './settings.ts'

/** Different bounds that an isolate remembers the shares of. */
const KNOWN_MAX = 1_000

/** The bounds that each order partition keeps for a caller. The bootstrap key is the operators' and has none. */
export const createBounds = () => {
  const known = new Map<string, PlacingBounds>()

  const sharesOf = ({ bounds }: Caller, { customerBounds, partitions }: OrderSettings): PlacingBounds => {
    const count = currentCount(partitions)
    const key = JSON.stringify([bounds ?? null, customerBounds, count])
    const shares = known.get(key) ?? {
      ...customerBoundsOf(customerBounds, count),
      ...(bounds && { client: openShareOf({ orders: bounds.openOrders, units: bounds.openUnits }, count) }),
    }
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(key, shares)
    return shares
  }
  return (caller: Caller, settings: OrderSettings): PlacingBounds | undefined =>
    caller.client === BOOTSTRAP_CLIENT ? undefined : sharesOf(caller, settings)
}
