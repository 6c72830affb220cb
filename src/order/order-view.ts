import { toTimestamp } from '../kernel/instant.ts'
import { toMajor } from '../kernel/money.ts'
import type { Order } from './order.ts'

/** The order as callers see it: amounts in the currency's major unit, times in RFC 3339, no payment token. */
export const viewOrder = (order: Order) => ({
  orderId: order.orderId,
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
  ...(order.customerId !== undefined && { customerId: order.customerId }),
  ...(order.reference !== undefined && { reference: order.reference }),
  ...(order.metadata !== undefined && { metadata: order.metadata }),
  placedAt: toTimestamp(order.placedAt),
  ...(order.status !== 'pending' && { decidedAt: toTimestamp(order.decidedAt) }),
  ...(order.status !== 'pending' &&
    order.settledAt !== undefined && { settledAt: toTimestamp(order.settledAt) }),
})

export type OrderView = ReturnType<typeof viewOrder>
