import type { Caller } from '../../src/contracts/caller.ts'
import {
  createEvent,
  type DataOf,
  type EventOf,
  type EventType,
  type Owner,
} from '../../src/contracts/events.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { MINUTE_MS, toTimestamp } from '../../src/kernel/instant.ts'
import type { Placement } from '../../src/order/order.ts'
import type { Payment } from '../../src/payment/payment.ts'

export const NOW: Instant = Date.UTC(2026, 10, 23, 12)
export const ORDER_ID = 'ord_0_01m844dzg00000000000000000'
export const CLIENT: Caller = { client: 'shop', scopes: ['orders:read', 'orders:write'] }
export const STRANGER: Caller = { client: 'somebody-else', scopes: ['orders:read', 'orders:write'] }
export const OPERATOR: Caller = { client: 'admin', scopes: ['operations'] }

const ITEMS = [
  { productId: 'P001', quantity: 2, unitPrice: 50, amount: 100 },
  { productId: 'P002', quantity: 1, unitPrice: 50, amount: 50 },
]
const LINES = [
  { productId: 'P001', quantity: 2 },
  { productId: 'P002', quantity: 1 },
]

/** Two of P001 and one of P002 for 150.00 USD. */
export const placement = (overrides: Partial<Placement> = {}): Placement => ({
  orderId: ORDER_ID,
  client: CLIENT.client,
  placedAt: NOW,
  deadlineAt: NOW + 15 * MINUTE_MS,
  currency: 'USD',
  totalMinor: 15_000,
  lines: [
    { productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 },
    { productId: 'P002', quantity: 1, unitPriceMinor: 5_000, amountMinor: 5_000 },
  ],
  paymentToken: 'pm_card_visa',
  ...overrides,
})

/** What an event builder takes: parts of the event's data, and of its envelope. */
type Overrides<Type extends EventType> = {
  data?: Partial<DataOf<Type>>
  at?: Instant
  revision?: number
  occurrence?: string
  traceparent?: string
  cause?: { id: string; hops: number; traceparent?: string | undefined }
  owner?: Owner
}

/** An event about the order `data.orderId`, or about `ORDER_ID`. */
const aboutOrder = <Type extends EventType>(
  type: Type,
  defaults: { revision: number; data: DataOf<Type> },
  { data, ...envelope }: Overrides<Type>,
): EventOf<Type> => {
  const whole = { ...defaults.data, ...data }
  const subject = 'orderId' in whole ? whole.orderId : ORDER_ID
  return createEvent({ type, subject, at: NOW, revision: defaults.revision, ...envelope, data: whole })
}

const content = { orderId: ORDER_ID, items: ITEMS, totalAmount: 150, currency: 'USD' }
const reason = { code: 'payment_declined', detail: 'The card was declined.' }

export const orderPlacedEvent = (overrides: Overrides<'OrderPlaced'> = {}) => {
  const data = { ...content, client: CLIENT.client, payment: { token: 'pm_card_visa' } }
  return aboutOrder('OrderPlaced', { revision: 1, data }, overrides)
}
export const orderConfirmedEvent = (overrides: Overrides<'OrderConfirmed'> = {}) =>
  aboutOrder('OrderConfirmed', { revision: 4, data: content }, overrides)
export const orderRejectedEvent = (overrides: Overrides<'OrderRejected'> = {}) =>
  aboutOrder('OrderRejected', { revision: 3, data: { ...content, reason } }, overrides)
export const orderCancelledEvent = (overrides: Overrides<'OrderCancelled'> = {}) =>
  aboutOrder('OrderCancelled', { revision: 5, data: { ...content, reason } }, overrides)

/** These orders have left for the archive; all their facts are older than `before`. */
export const ordersArchivedEvent = (orderIds: [string, ...string[]], before: Instant, at = before) =>
  createEvent({
    ...{ type: 'OrdersArchived', subject: orderIds[0], at, revision: 1 },
    data: { orderIds, before: toTimestamp(before) },
  })

const stockLeg = { orderId: ORDER_ID, lines: LINES }

export const stockReserved = (overrides: Overrides<'StockReserved'> = {}) =>
  aboutOrder('StockReserved', { revision: 1, data: stockLeg }, overrides)
export const stockCommitted = (overrides: Overrides<'StockCommitted'> = {}) =>
  aboutOrder('StockCommitted', { revision: 2, data: stockLeg }, overrides)
export const stockReleased = (overrides: Overrides<'StockReleased'> = {}) =>
  aboutOrder('StockReleased', { revision: 3, data: stockLeg }, overrides)
export const stockRejected = (overrides: Overrides<'StockRejected'> = {}) => {
  const data = { orderId: ORDER_ID, lines: [{ productId: 'P001', requested: 2, available: 1 }] }
  return aboutOrder('StockRejected', { revision: 3, data }, overrides)
}

const paymentLeg = { orderId: ORDER_ID, amount: 150, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }

export const paymentAuthorized = (overrides: Overrides<'PaymentAuthorized'> = {}) =>
  aboutOrder('PaymentAuthorized', { revision: 3, data: paymentLeg }, overrides)
export const paymentDeclined = (overrides: Overrides<'PaymentDeclined'> = {}) => {
  const declined = { code: 'card_declined', detail: 'The card was declined.' }
  return aboutOrder('PaymentDeclined', { revision: 3, data: { ...paymentLeg, reason: declined } }, overrides)
}
export const paymentCaptured = (overrides: Overrides<'PaymentCaptured'> = {}) =>
  aboutOrder('PaymentCaptured', { revision: 5, data: { ...paymentLeg, capturedAmount: 150 } }, overrides)
export const paymentFailed = (overrides: Overrides<'PaymentFailed'> = {}) => {
  const refused = { code: 'capture_refused', detail: 'The bank refused to capture.' }
  return aboutOrder('PaymentFailed', { revision: 7, data: { ...paymentLeg, reason: refused } }, overrides)
}
export const paymentVoided = (overrides: Overrides<'PaymentVoided'> = {}) =>
  aboutOrder('PaymentVoided', { revision: 5, data: paymentLeg }, overrides)

/** The refund `data.refundId` of what was captured, with the sums as they stand after it. */
export const paymentRefunded = (overrides: Overrides<'PaymentRefunded'> = {}) => {
  const refundId = overrides.data?.refundId ?? 'cancellation'
  const data = { ...paymentLeg, capturedAmount: 150, refundedAmount: 150, refundId }
  return aboutOrder('PaymentRefunded', { revision: 7, data }, { occurrence: refundId, ...overrides })
}

export const refundRequestedEvent = (refundId: string, orderId = ORDER_ID) =>
  aboutOrder(
    'RefundRequested',
    { revision: 6, data: { orderId, refundId } },
    { data: { orderId }, occurrence: refundId },
  )

export const reservationOverdueEvent = (overrides: Overrides<'ReservationOverdue'> = {}) =>
  aboutOrder(
    'ReservationOverdue',
    { revision: 1, data: { orderId: ORDER_ID } },
    { occurrence: '1', ...overrides },
  )
export const authorizationOverdueEvent = (overrides: Overrides<'AuthorizationOverdue'> = {}) =>
  aboutOrder(
    'AuthorizationOverdue',
    { revision: 3, data: { orderId: ORDER_ID } },
    { occurrence: '1', ...overrides },
  )

export const productChangedEvent = (overrides: Overrides<'ProductChanged'> = {}) => {
  const data = { productId: 'P001', name: 'Desk Lamp', unitPrice: 50, currency: 'USD', ...overrides.data }
  const revision = overrides.revision ?? 1
  return createEvent({
    type: 'ProductChanged',
    subject: data.productId,
    occurrence: String(revision),
    at: NOW,
    ...overrides,
    revision,
    data,
  })
}

export const factNoted = (subject: string, ids: string[]): EventOf<'FactNoted'> =>
  createEvent({
    type: 'FactNoted',
    subject,
    occurrence: ids[0] ?? '',
    at: NOW,
    revision: 1,
    data: { ids },
  })

/** A payment that nothing was done about yet. */
export const newPayment = (overrides: Partial<Payment> = {}): Payment => ({
  orderId: ORDER_ID,
  client: CLIENT.client,
  currency: 'USD',
  amountMinor: 15_000,
  token: 'pm_card_visa',
  status: 'pending',
  goal: 'authorize',
  capturedMinor: 0,
  refundedMinor: 0,
  refunds: [],
  attempts: 0,
  revision: 1,
  createdAt: NOW,
  changedAt: NOW,
  ...overrides,
})
