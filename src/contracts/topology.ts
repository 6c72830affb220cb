import type { EventType } from './events.ts'

/** A service that subscribes to events, and so has an inbox: Cloudflare gives a queue one consumer. */
export type Subscriber = 'order' | 'inventory' | 'payment' | 'operations'

/**
 * Who gets what. Total by its type: an event without an entry does not compile.
 * An event with no subscriber is recorded by its publisher until it has one.
 */
export const SUBSCRIBERS = {
  OrderPlaced: ['inventory', 'payment'],
  OrderConfirmed: ['inventory', 'payment'],
  OrderRejected: ['inventory', 'payment'],
  OrderCancelled: ['inventory', 'payment'],
  OrderSettled: ['operations'],
  StockReserved: ['order'],
  StockRejected: ['order'],
  StockCommitted: ['order'],
  StockReleased: ['order'],
  StockDepleted: ['operations'],
  StockReplenished: ['operations'],
  ProductChanged: ['order'],
  PaymentAuthorized: ['order'],
  PaymentDeclined: ['order'],
  PaymentCaptured: ['order'],
  PaymentFailed: ['order'],
  PaymentVoided: ['order'],
  PaymentRefunded: ['order'],
  ReservationOverdue: ['order'],
  AuthorizationOverdue: ['order'],
  RefundRequested: ['payment'],
  WebhooksChanged: ['order'],
  WebhookTested: [],
  FactNoted: ['inventory', 'payment', 'order', 'operations'],
} as const satisfies Record<EventType, readonly Subscriber[]>
