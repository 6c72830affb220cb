import type { EventType } from './events.ts'
import type { ANNOUNCED } from './webhook-types.ts'

/** The services without which no order settles, or no webhook is sent. */
export const SERVICES = ['order', 'inventory', 'payment', 'operations'] as const

export type Service = (typeof SERVICES)[number]

/**
 * Services beyond the four, and the facts about orders that each of them gets: `npm run new-subscriber` adds a line. The
 * order service has each fact outstanding until the subscriber acknowledges it. Orders settle without it.
 */
export const ADDED_SUBSCRIBERS = {
  // One line for each service.
} as const satisfies Record<string, readonly AnnouncedType[]>

/** A fact about an order that a subscriber may get. None of them carries a payment token. */
export type AnnouncedType = (typeof ANNOUNCED)[number]

export type AddedSubscriber = keyof typeof ADDED_SUBSCRIBERS

/** A service that subscribes to events, and so has an inbox: Cloudflare gives a queue one consumer. */
export type Subscriber = Service | AddedSubscriber

/** What each subscriber beyond the four gets, by its name. */
export type Subscriptions = Readonly<Record<string, readonly EventType[]>>

export const SUBSCRIPTIONS: Subscriptions = ADDED_SUBSCRIBERS

/** Every service that has an inbox. */
export const ALL_SUBSCRIBERS: readonly Subscriber[] = [
  ...SERVICES,
  ...(Object.keys(ADDED_SUBSCRIBERS) as AddedSubscriber[]),
]

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
  OrdersArchived: ['inventory', 'payment'],
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
  AuthorizationOverdue: ['order', 'payment'],
  RefundRequested: ['payment'],
  WebhooksChanged: ['order'],
  WebhookTested: [],
  FactNoted: ['inventory', 'payment', 'order', 'operations'],
} as const satisfies Record<EventType, readonly Service[]>
