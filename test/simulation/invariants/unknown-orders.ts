import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** Stock and money of orders that no client placed are given back. */
export const checkUnknownOrders = (
  stored: Stored,
  excused: ReadonlySet<string>,
  violated: Violated,
): void => {
  for (const reservation of stored.reservations) {
    if (
      !stored.orders.has(reservation.orderId) &&
      (reservation.state === 'reserved' || reservation.state === 'committed')
    ) {
      violated('no stock is set aside for an unknown order', `${reservation.at} holds ${reservation.orderId}`)
    }
    if (
      reservation.state === 'reserved' &&
      !excused.has(reservation.orderId) &&
      stored.orders.has(reservation.orderId)
    ) {
      violated('nothing is reserved at rest', `${reservation.at} holds ${reservation.orderId}`)
    }
  }
  for (const payment of stored.payments.values()) {
    const isHeld = payment.status === 'authorized' || payment.status === 'captured'
    if (!stored.orders.has(payment.orderId) && isHeld) {
      violated('no money is kept for an unknown order', `${payment.orderId} is ${payment.status}`)
    }
  }
}
