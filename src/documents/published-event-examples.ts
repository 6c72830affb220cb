import { createEvent, type DataOf, type EventOf, type EventType } from '../contracts/events.ts'
import { ORDER_ID } from '../contracts/examples/orders.ts'
import type { Instant } from '../kernel/instant.ts'

const lines = [
  { productId: 'P001', quantity: 2 },
  { productId: 'P002', quantity: 1 },
]

const content = {
  orderId: ORDER_ID,
  items: [
    { productId: 'P001', quantity: 2, unitPrice: 50, amount: 100 },
    { productId: 'P002', quantity: 1, unitPrice: 50, amount: 50 },
  ],
  totalAmount: 150,
  currency: 'USD',
}

const leg = { orderId: ORDER_ID, amount: 150, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }

const captured = { ...leg, capturedAmount: 150 }

const declined = { ...leg, reason: { code: 'card_declined', detail: 'The card was declined.' } }

type PublishedEvent<Type extends EventType> = {
  /** What it says, in one sentence. */
  summary: string
  data: DataOf<Type>
  revision?: number
  occurrence?: string
  /** Where it is later than the first moment of the story. */
  at?: Instant
}

/** Every event with its summary and an example. Total by its type, as the topology is. */
const PUBLISHED_EVENTS: { [Type in EventType]: PublishedEvent<Type> } = {
  OrderPlaced: {
    summary: 'An order was stored. Inventory reserves its stock, and payment authorizes its money.',
    data: { ...content, client: 'web-shop', payment: { token: 'pm_card_visa' }, customerId: 'cust_1' },
  },
  OrderConfirmed: {
    summary: 'Both legs reported success. Inventory commits the stock, and payment captures the money.',
    data: content,
    revision: 4,
  },
  OrderRejected: {
    summary: 'A leg refused, or the order is unknown. Both legs release it.',
    data: { ...content, reason: { code: 'payment_declined', detail: 'The card was declined.' } },
    revision: 3,
  },
  OrderCancelled: {
    summary: 'The order was cancelled. Both legs release it, or return what they took.',
    data: { ...content, reason: { code: 'cancelled_by_client', detail: 'changed my mind' } },
    revision: 9,
  },
  OrderSettled: {
    summary: "Every effect of the order's decision is done.",
    data: { orderId: ORDER_ID, status: 'confirmed' },
    revision: 7,
  },
  OrdersArchived: {
    summary: 'Orders have left for the archive. Inventory and payment let go of what they have about them.',
    data: { orderIds: [ORDER_ID], before: '2026-11-24T00:00:00.000Z' },
    at: Date.parse('2027-02-22T00:00:00.200Z'),
  },
  StockReserved: { summary: 'Every line of the order is reserved.', data: { orderId: ORDER_ID, lines } },
  StockRejected: {
    summary: 'These products are short, and no stock is reserved for the order.',
    data: { orderId: ORDER_ID, lines: [{ productId: 'P001', requested: 2, available: 1 }] },
    revision: 3,
  },
  StockCommitted: {
    summary: 'The reserved stock has been taken.',
    data: { orderId: ORDER_ID, lines },
    revision: 2,
  },
  StockReleased: {
    summary: 'No stock is reserved for the order, and stock that was taken has come back.',
    data: { orderId: ORDER_ID, lines },
    revision: 3,
  },
  StockDepleted: {
    summary: 'A product is no longer available.',
    data: { productId: 'P001', available: 0 },
    occurrence: '12',
    revision: 12,
  },
  StockReplenished: {
    summary: 'A product is available again.',
    data: { productId: 'P001', available: 100 },
    occurrence: '13',
    revision: 13,
  },
  ProductChanged: {
    summary: 'A product is new in the catalogue, or has another name or price.',
    data: { productId: 'P001', name: 'Coffee grinder', unitPrice: 50, currency: 'USD' },
    occurrence: '1',
  },
  PaymentAuthorized: { summary: 'The bank has authorized the money for the order.', data: leg },
  PaymentDeclined: { summary: 'The bank declined to authorize the money for the order.', data: declined },
  PaymentCaptured: { summary: 'The money has been taken.', data: captured, revision: 2 },
  PaymentFailed: {
    summary: 'The bank refused for good to capture the money.',
    data: { ...leg, reason: { code: 'capture_declined', detail: 'The bank refused the capture.' } },
    revision: 2,
  },
  PaymentVoided: { summary: 'The authorization has ended, and no money was taken.', data: leg, revision: 2 },
  PaymentRefunded: {
    summary: 'Money has been refunded. The amounts are sums so far.',
    data: { ...captured, refundedAmount: 20.5, refundId: 'rf_01m84cehs4ryabgcajgqkg22t4' },
    occurrence: 'rf_01m84cehs4ryabgcajgqkg22t4',
    revision: 3,
  },
  ReservationOverdue: {
    summary: 'Stock has been reserved for a long time. Inventory asks for the decision on the order.',
    data: { orderId: ORDER_ID },
    occurrence: '1795447202255',
  },
  AuthorizationOverdue: {
    summary: 'A payment has been open for a long time. Payment asks for the decision on the order.',
    data: { orderId: ORDER_ID },
    occurrence: '1795447202255',
  },
  RefundRequested: {
    summary: 'A refund was requested. Internal to the payment service.',
    data: { orderId: ORDER_ID, refundId: 'rf_01m84cehs4ryabgcajgqkg22t4' },
    occurrence: 'rf_01m84cehs4ryabgcajgqkg22t4',
    revision: 3,
  },
  WebhooksChanged: {
    summary: 'The set of facts about orders that webhooks want has changed.',
    data: { types: ['OrderConfirmed', 'OrderSettled'] },
    occurrence: '4',
    revision: 4,
  },
  WebhookTested: {
    summary: 'A caller requested a test of a webhook.',
    data: { webhookId: 'wh_01m84cehs4ryabgcajgqkg22t4' },
    occurrence: '1',
  },
  FactNoted: {
    summary: 'These events took effect. Their publisher stops to redeliver them.',
    data: { ids: ['P001/ProductChanged/1'] },
    occurrence: 'P001/ProductChanged/1',
  },
}

/** When the story of the examples begins: 2026-11-23T14:20:02.255Z. */
const STORY_BEGINS_MS = 1_795_443_602_255

export const eventSummary = (type: EventType): string => PUBLISHED_EVENTS[type].summary

/** The event as its subscribers get it. */
export const eventExample = <Type extends EventType>(type: Type): EventOf<Type> => {
  const {
    data,
    revision = 1,
    occurrence,
    at = STORY_BEGINS_MS,
  }: PublishedEvent<Type> = PUBLISHED_EVENTS[type]
  return createEvent({
    type,
    subject: subjectOf(data),
    ...(occurrence !== undefined && { occurrence }),
    at,
    revision,
    data,
    ...(type === 'OrderPlaced'
      ? { traceparent: TRACEPARENT }
      : { cause: { id: `${ORDER_ID}/OrderPlaced`, hops: 0, traceparent: TRACEPARENT } }),
  })
}

const TRACEPARENT = '00-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01'

const subjectOf = (data: object): string => {
  if ('orderId' in data) return String(data.orderId)
  if ('orderIds' in data) return ORDER_ID
  if ('webhookId' in data) return String(data.webhookId)
  if ('productId' in data) return String(data.productId)
  return 'types' in data ? 'webhooks' : 'P001'
}
