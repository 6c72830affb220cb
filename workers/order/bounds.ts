import { BOOTSTRAP_CLIENT } from '../../src/contracts/caller.ts'
import { currentCount } from '../../src/kernel/partitions.ts'
import { customerBoundsOf, type PlacingBounds } from '../../src/order/placing-bounds.ts'
import type { OrderSettings } from './settings.ts'

/** The bounds that each order partition keeps for a client. The bootstrap key is the operators' and has none. */
export const createBounds = () => {
  let latest: { settings: string; bounds: PlacingBounds } | undefined

  const shares = ({ customerBounds, partitions }: OrderSettings): PlacingBounds => {
    const count = currentCount(partitions)
    const settings = JSON.stringify([customerBounds, count])
    if (latest?.settings !== settings) latest = { settings, bounds: customerBoundsOf(customerBounds, count) }
    return latest.bounds
  }
  return (client: string, settings: OrderSettings): PlacingBounds | undefined =>
    client === BOOTSTRAP_CLIENT ? undefined : shares(settings)
}
