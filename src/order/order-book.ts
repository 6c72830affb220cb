import type { OrderBook } from '../contracts/books.ts'
import { isSettled, type Order } from './order.ts'

/** As much of an order as the audit needs: nothing about its customer. */
export const toOrderBook = (order: Order): OrderBook => ({
  orderId: order.orderId,
  version: order.version,
  status: order.status,
  isSettled: isSettled(order),
  currency: order.currency,
  totalMinor: order.totalMinor,
  lines: order.lines.map(({ productId, quantity }) => ({ productId, quantity })),
})
