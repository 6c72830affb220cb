import { timeOfUlid } from '../kernel/ids.ts'
import { DAY_MS, dayOf, type Instant } from '../kernel/instant.ts'
import { partsOfOrderId } from '../kernel/partitions.ts'
import { isSettled, type Order } from './order.ts'

/** Idempotency keys live for two days, and refer to their orders. */
export const RETENTION_DAYS_MIN = 7
/** Ten years, as books are kept. */
export const RETENTION_DAYS_MAX = 3_660

/** A consumer of the order feed that is behind keeps orders for so many days beyond their retention, and no longer. */
const HELD_BACK_DAYS_MAX = 30

/** Orders leave once all their facts are older than this. The begin of a day, so that it changes once a day. */
export const cutAt = (now: Instant, retentionDays: number): Instant => (dayOf(now) - retentionDays) * DAY_MS

/** Up to this time consumers of the feed hold no order back. */
export const heldBackUntil = (cut: Instant): Instant => cut - HELD_BACK_DAYS_MAX * DAY_MS

/**
 * When an id of ours was made; undefined for any other text. The unique id of an external order has a time by chance, and
 * one in six hundred of them is in the past.
 */
export const timeOfOrderId = (orderId: string): Instant | undefined => {
  const parts = partsOfOrderId(orderId)
  return parts && timeOfUlid(parts.ulid)
}

/** When an order last changed. Its facts are not always in the order of their times. */
export const lastFactAt = ({ history, placedAt }: Order): Instant =>
  Math.max(placedAt, ...history.map(({ at }) => at))

/**
 * Whether nothing is left to do for an order, and all of it is older than the cut. An order that was never placed here has
 * no client, and stays. So does one with a payment token that is still to be erased.
 */
export const isAtRest = (order: Order, cut: Instant): boolean =>
  isSettled(order) &&
  order.client !== null &&
  order.paymentToken === undefined &&
  lastFactAt(order) < cut &&
  settledBefore(order, cut)

const settledBefore = (order: Order, cut: Instant): boolean =>
  order.status !== 'pending' && order.settledAt !== undefined && order.settledAt < cut
