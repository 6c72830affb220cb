import type { OrderEvent, Report } from './events.ts'

export type Order = {
  orderId: string
  productId: string
  quantity: number
  amount: number
  token: string
  status: 'pending' | 'confirmed' | 'rejected'
  stock?: 'StockReserved' | 'StockRefused' | 'StockCommitted' | 'StockReleased'
  payment?: 'PaymentAuthorized' | 'PaymentDeclined' | 'PaymentCaptured' | 'PaymentVoided'
  placedAt: number
  decidedAt?: number
  settledAt?: number
}

/** A leg that has reported one of these reports nothing else. */
const FINAL = new Set<string | undefined>([
  ...['StockRefused', 'StockCommitted', 'StockReleased'],
  ...['PaymentDeclined', 'PaymentCaptured', 'PaymentVoided'],
])

/** Changes the order, and returns the event that its legs are to know. A repeated report changes nothing. */
export const applyReport = (order: Order, { type }: Report, now: number): OrderEvent | undefined => {
  switch (type) {
    case 'StockReserved':
    case 'StockRefused':
    case 'StockCommitted':
    case 'StockReleased':
      if (!FINAL.has(order.stock)) order.stock = type
      break
    default:
      if (!FINAL.has(order.payment)) order.payment = type
  }
  const status = decided(order)
  if (status !== order.status) {
    Object.assign(order, { status, decidedAt: now })
    if (isSettled(order)) order.settledAt = now
    return eventOf(status === 'confirmed' ? 'OrderConfirmed' : 'OrderRejected', order)
  }
  if (isSettled(order)) order.settledAt ??= now
  return undefined
}

/** The first refusal decides. */
const decided = ({ status, stock, payment }: Order): Order['status'] => {
  if (status !== 'pending') return status
  if (stock === 'StockRefused' || payment === 'PaymentDeclined') return 'rejected'
  return stock === 'StockReserved' && payment === 'PaymentAuthorized' ? 'confirmed' : 'pending'
}

const isSettled = ({ status, stock, payment }: Order): boolean =>
  status !== 'pending' && FINAL.has(stock) && FINAL.has(payment)

export const eventOf = (type: OrderEvent['type'], order: Order): OrderEvent => {
  const { orderId, productId, quantity, amount, token } = order
  return { type, orderId, productId, quantity, amount, token }
}

const iso = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()

/** An order as a client sees it. */
export const viewOf = ({ productId, quantity, placedAt, decidedAt, settledAt, ...order }: Order) => ({
  orderId: order.orderId,
  status: order.status,
  items: [{ productId, quantity }],
  totalAmount: order.amount,
  placedAt: iso(placedAt),
  decidedAt: iso(decidedAt),
  settledAt: iso(settledAt),
})
