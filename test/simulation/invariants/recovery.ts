import { type Instant, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Order } from '../../../src/order/order.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** The promise: one transient fault or one restart delays settling by at most this. */
const DELAY_MS_MAX = 60 * SECOND_MS
/** The time that an order needs in a world without a fault, with a slow network and full inboxes. */
export const USUAL_MS_MAX = 10 * SECOND_MS

/** In a world with one transient fault no order waits for long, by the clock of its partition. */
export const checkRecovery = (stored: Stored, violated: Violated): void => {
  for (const { order } of stored.orders.values()) {
    if (order.client === null) continue
    const waitedMs = Math.max(0, ...waitsOf(order).map(({ from, until }) => until - from))
    if (waitedMs <= DELAY_MS_MAX + USUAL_MS_MAX) continue
    violated(
      'one transient fault delays settling by at most a minute',
      `${order.orderId} waited ${Math.ceil(waitedMs / SECOND_MS)} s`,
    )
  }
}

const MILESTONES = ['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderSettled']

/** The waits of an order: from its placement to its decision, and from a decision until it was done or overruled. */
export const waitsOf = ({ history }: Order): { from: Instant; until: Instant }[] => {
  const milestones = history.filter((entry) => MILESTONES.includes(entry.type))
  return milestones.flatMap((entry, index) =>
    entry.type === 'OrderSettled' ? [] : [{ from: entry.at, until: milestones[index + 1]?.at ?? entry.at }],
  )
}
