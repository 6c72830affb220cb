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

/** An order that has left, as far as it is known. No stored order has this version, so the audit judges neither its legs. */
export const bookOfDeparted = (orderId: string): OrderBook => ({
  ...{ orderId, version: 0, status: 'confirmed', isSettled: true, currency: '', totalMinor: 0, lines: [] },
})
