import type { OrderLine } from './order.ts'
import { shareOf } from './partition-share.ts'

/** How much may be open at the same time: undecided orders, and the units in them. */
export type OpenLimit = { orders: number; units: number }

/** The limits of one placement, as each order partition enforces them. A missing limit does not apply. */
export type PlacingLimits = {
  customer?: OpenLimit
  client?: OpenLimit
  /** After this many cancelled or declined orders in succession the customer has to wait. */
  failures?: number
}

/** The limits as they are set for the whole deployment; 0 means no limit. */
export type CustomerLimitSettings = { orders: number; units: number; failures: number }

/** One cancelled order says nothing about a customer, in however many partitions. */
const FAILURES_MIN = 2

/** Each partition's part of a customer's limits. */
export const customerLimitsOf = (
  { orders, units, failures }: CustomerLimitSettings,
  partitions: number,
): PlacingLimits => ({
  ...(orders > 0 && units > 0 && { customer: openShareOf({ orders, units }, partitions) }),
  ...(failures > 0 && {
    failures: Math.max(shareOf(failures, partitions), Math.min(failures, FAILURES_MIN)),
  }),
})

/** The share of the orders, and the units that go with it. */
export const openShareOf = ({ orders, units }: OpenLimit, partitions: number): OpenLimit => {
  const share = shareOf(orders, partitions)
  return { orders: share, units: Math.ceil((units * share) / orders) }
}

export const unitsOf = (lines: readonly Pick<OrderLine, 'quantity'>[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0)

/** Which limit the order would exceed, if any. A customer without open orders may place one of any size. */
export const excessOf = (
  open: OpenLimit,
  askedUnits: number,
  bound: OpenLimit,
): 'orders' | 'units' | undefined => {
  if (open.orders === 0) return undefined
  if (open.orders + 1 > bound.orders) return 'orders'
  return open.units + askedUnits > bound.units ? 'units' : undefined
}
