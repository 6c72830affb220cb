import type { OrderLine } from './order.ts'
import { shareOf } from './partition-share.ts'

/** What may be open at the same time: orders that are not decided, and the units in them. */
export type OpenBound = { orders: number; units: number }

/** The bounds of one placement, as each order partition has to keep them. A bound that is not there does not apply. */
export type PlacingBounds = {
  customer?: OpenBound
  client?: OpenBound
  /** After so many orders in succession that were cancelled or declined the customer waits. */
  failures?: number
}

/** The bounds as they are set for the whole deployment; 0 is none. */
export type BoundSettings = { orders: number; units: number; failures: number }

/** One order that was cancelled says nothing of a customer, in however many partitions. */
const FAILURES_MIN = 2

/** Each partition's part of the bounds of a customer. */
export const customerBoundsOf = (
  { orders, units, failures }: BoundSettings,
  partitions: number,
): PlacingBounds => ({
  ...(orders > 0 && units > 0 && { customer: openShareOf({ orders, units }, partitions) }),
  ...(failures > 0 && {
    failures: Math.max(shareOf(failures, partitions), Math.min(failures, FAILURES_MIN)),
  }),
})

/** As many units as the share of the orders stands for. */
export const openShareOf = ({ orders, units }: OpenBound, partitions: number): OpenBound => {
  const share = shareOf(orders, partitions)
  return { orders: share, units: Math.ceil((units * share) / orders) }
}

export const unitsOf = (lines: readonly Pick<OrderLine, 'quantity'>[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0)

/** Why there is no room, if so. A holder of nothing open may place one order of any size. */
export const excessOf = (
  open: OpenBound,
  askedUnits: number,
  bound: OpenBound,
): 'orders' | 'units' | undefined => {
  if (open.orders === 0) return undefined
  if (open.orders + 1 > bound.orders) return 'orders'
  return open.units + askedUnits > bound.units ? 'units' : undefined
}
