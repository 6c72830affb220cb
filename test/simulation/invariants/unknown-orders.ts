import type { Stored, Violated } from './stored.ts'

/** Stock and money of orders that nobody placed are let go. */
export const checkUnknownOrders = (
  stored: Stored,
  excused: ReadonlySet<string>,
  violated: Violated,
): void => {
  for (const hold of stored.holds) {
    if (!stored.orders.has(hold.orderId) && (hold.state === 'reserved' || hold.state === 'committed')) {
      violated('nothing is held for an order that is not there', `${hold.at} holds ${hold.orderId}`)
    }
    if (hold.state === 'reserved' && !excused.has(hold.orderId) && stored.orders.has(hold.orderId)) {
      violated('nothing is reserved at rest', `${hold.at} holds ${hold.orderId}`)
    }
  }
  for (const payment of stored.payments.values()) {
    const isHeld = payment.status === 'authorized' || payment.status === 'captured'
    if (!stored.orders.has(payment.orderId) && isHeld) {
      violated('no money is kept for an order that is not there', `${payment.orderId} is ${payment.status}`)
    }
  }
}
