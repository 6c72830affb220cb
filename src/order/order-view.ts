import type { z } from 'zod'
import { orderSchema } from '../contracts/http/orders.ts'
import { toTimestamp } from '../kernel/instant.ts'
import { toMajor } from '../kernel/money.ts'
import { storedType } from '../messaging/stored-document.ts'
import { isSettled, type Order } from './order.ts'
import { outstandingLegs } from './saga.ts'

/** The order as callers see it: under the id that its client gave it, amounts in the currency's major unit, times in RFC 3339, no payment token. */
export const viewOrder = (order: Order): OrderView => ({
  orderId: order.externalId ?? order.orderId,
  status: order.status,
  version: order.version,
  currency: order.currency,
  totalAmount: toMajor(order.totalMinor, order.currency),
  items: order.lines.map((line) => ({
    productId: line.productId,
    quantity: line.quantity,
    unitPrice: toMajor(line.unitPriceMinor, order.currency),
    amount: toMajor(line.amountMinor, order.currency),
  })),
  inventory: { status: order.inventory.status },
  payment: {
    status: order.payment.status,
    capturedAmount: toMajor(order.payment.capturedMinor, order.currency),
    refundedAmount: toMajor(order.payment.refundedMinor, order.currency),
  },
  ...('reason' in order && { reason: order.reason }),
  ...stuckOf(order),
  ...(order.customerId !== undefined && { customerId: order.customerId }),
  ...(order.reference !== undefined && { reference: order.reference }),
  ...(order.metadata !== undefined && { metadata: { ...order.metadata } }),
  placedAt: toTimestamp(order.placedAt),
  ...(order.status !== 'pending' && { decidedAt: toTimestamp(order.decidedAt) }),
  ...(order.status !== 'pending' &&
    order.settledAt !== undefined && { settledAt: toTimestamp(order.settledAt) }),
})

/** An order whose decision does not take effect: what it waits for, and why where that is known. */
const stuckOf = (order: Order): Pick<OrderView, 'stuck'> => {
  const { stuck } = order.payment
  if (isSettled(order) || (stuck === undefined && order.overdueSince === undefined)) return {}
  const waitingFor = outstandingLegs(order)
  const detail =
    stuck ?? `${waitingFor.join(' and ')} did not answer in time; it is asked again until it does.`
  return { stuck: { code: stuck === undefined ? 'overdue' : 'bank_refused', detail, waitingFor } }
}

export type OrderView = z.infer<typeof orderSchema>

/** As the list of orders has it. */
export const ORDER_VIEW = storedType('view of an order', orderSchema)
