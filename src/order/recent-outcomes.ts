import { assertNever } from '../kernel/assert.ts'
import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import type { Order } from './order.ts'

/** The first wait. It doubles with each further order that fails. */
const WAIT_MS_MIN = 10 * SECOND_MS
/** An hour. An order stays open for less, so its stock is free most of the time. */
const WAIT_MS_MAX = 3_600 * SECOND_MS
/** The most failures in succession that may be tolerated. */
export const FAILURES_MAX = 10
/** Enough for the longest wait after the most failures that may be tolerated. */
const OUTCOMES_MAX = FAILURES_MAX + 10

/** How the latest orders of one customer ended, oldest first. */
export type RecentOutcomes = { orders: readonly { orderId: string; isFailed: boolean }[]; failedAt: Instant }

/**
 * How the order's end counts for its customer: a cancelled or declined order has failed. An end that the customer did
 * not cause (no stock, a failing bank, a service that is down) does not count.
 */
export const outcomeOf = (order: Order, wasCounted: () => boolean): 'failed' | 'bought' | undefined => {
  if (order.status === 'pending') return undefined
  if (order.status === 'confirmed') return 'bought'
  switch (order.reason.code) {
    case 'cancelled_by_client':
    case 'payment_declined':
      return 'failed'
    case 'deadline_exceeded':
      return wasCounted() ? 'failed' : undefined
    case 'payment_failed':
      // The bank refused to capture what it had authorized: like a card that is declined.
      return order.status === 'cancelled' ? 'failed' : undefined
    case 'out_of_stock':
    case 'unknown_order':
      return undefined
    default:
      return assertNever(order.reason.code)
  }
}

/** An order that was bought and is cancelled later counts as failed, at its old place in the list. */
export const withOutcome = (
  known: RecentOutcomes | undefined,
  orderId: string,
  isFailed: boolean,
  now: Instant,
): RecentOutcomes => {
  const orders = known?.orders ?? []
  const isKnown = orders.some((each) => each.orderId === orderId)
  const next = isKnown
    ? orders.map((each) => (each.orderId === orderId ? { orderId, isFailed } : each))
    : [...orders, { orderId, isFailed }].slice(-OUTCOMES_MAX)
  return { orders: next, failedAt: isFailed ? now : (known?.failedAt ?? now) }
}

/** How long the customer has to wait before the next order, where its last `tolerated` orders or more have failed. */
export const waitLeftMs = ({ orders, failedAt }: RecentOutcomes, tolerated: number, now: Instant): number => {
  const failures = orders.length - 1 - orders.findLastIndex((each) => !each.isFailed)
  if (failures < tolerated) return 0
  const waitMs = Math.min(WAIT_MS_MIN * 2 ** (failures - tolerated), WAIT_MS_MAX)
  return Math.max(0, failedAt + waitMs - now)
}
