import type { Order } from '../../../src/order/order.ts'
import type { BankBalance } from '../platform/hostile-bank.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** An order is settled, and its stock and money agree with its decision. */
export const checkOrder = (order: Order, stored: Stored, bank: BankBalance, violated: Violated): void => {
  const { orderId, status } = order
  const isSettled = status !== 'pending' && order.settledAt !== undefined
  if (!isSettled) {
    violated(
      'every order is settled once faults stop',
      `${orderId} is ${status}, inventory ${order.inventory.status}, payment ${order.payment.status}`,
    )
    return
  }
  const reservations = stored.reservations.filter((reservation) => reservation.orderId === orderId)
  const states = reservations.map((reservation) => reservation.state).join(', ')
  const invariant = 'a confirmed order has all its stock and money, any other order has neither'
  if (status === 'confirmed') {
    const wanted = new Map<string, number>()
    for (const { productId, quantity } of order.lines)
      wanted.set(productId, (wanted.get(productId) ?? 0) + quantity)
    const committed = new Map(
      reservations
        .filter((reservation) => reservation.state === 'committed')
        .flatMap((reservation) => reservation.lines.map((line) => [line.productId, line.quantity] as const)),
    )
    const isAll =
      wanted.size === committed.size && [...wanted].every(([id, quantity]) => committed.get(id) === quantity)
    if (!isAll) violated(invariant, `${orderId} is confirmed, its reservations are ${states || 'none'}`)
    if (bank.capturedMinor !== order.totalMinor) {
      violated(
        invariant,
        `${orderId} is confirmed, the bank captured ${bank.capturedMinor} of ${order.totalMinor}`,
      )
    }
    return
  }
  if (
    reservations.some((reservation) => reservation.state === 'reserved' || reservation.state === 'committed')
  ) {
    violated(invariant, `${orderId} is ${status}, its reservations are ${states}`)
  }
  if (bank.heldMinor !== 0 || bank.capturedMinor !== bank.refundedMinor) {
    violated(
      invariant,
      `${orderId} is ${status}, the bank holds ${bank.heldMinor} and has kept ${bank.capturedMinor - bank.refundedMinor}`,
    )
  }
}

/** An order is decided once, and each of its events happens once. */
export const checkHistory = (order: Order, violated: Violated): void => {
  const times = (type: string) => order.history.filter((entry) => entry.type === type).length
  const decisions = times('OrderConfirmed') + times('OrderRejected')
  const cancellations = times('OrderCancelled')
  const isDecidedOnce = order.status === 'pending' ? decisions === 0 : decisions + cancellations >= 1
  if (decisions > 1 || cancellations > 1 || !isDecidedOnce) {
    violated(
      'every order is decided exactly once',
      `${order.orderId}: ${order.history.map((entry) => entry.type).join(', ')}`,
    )
  }
  const revisions = order.history.map((entry) => `${entry.type}/${entry.occurrence ?? ''}`)
  if (new Set(revisions).size !== revisions.length) {
    violated('each event of an order happens once', `${order.orderId}: ${revisions.join(', ')}`)
  }
}

/** A request for one order changes no other order, even where two clients use the same external id. */
export const checkUntouched = (stored: Stored, changed: ReadonlySet<string>, violated: Violated): void => {
  const invariant = 'a request for one order neither cancels nor refunds another'
  for (const { order } of stored.orders.values()) {
    const isCancelled = order.status === 'cancelled' && order.reason.code === 'cancelled_by_client'
    if (isCancelled && !changed.has(order.orderId)) violated(invariant, `${order.orderId} is cancelled`)
  }
  for (const { orderId, refunds } of stored.payments.values()) {
    const isRefunded = refunds.some(({ refundId }) => refundId !== 'cancellation')
    if (isRefunded && !changed.has(orderId)) violated(invariant, `${orderId} is refunded`)
  }
}
