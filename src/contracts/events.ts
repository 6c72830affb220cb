import type { z } from 'zod'
import { type Instant, toTimestamp } from '../kernel/instant.ts'
import { factNotedSchema } from './acknowledgement-events.ts'
import type { Envelope } from './envelope.ts'
import {
  productChangedSchema,
  reservationOverdueSchema,
  stockLegSchema,
  stockLevelCrossedSchema,
  stockRejectedSchema,
} from './inventory-events.ts'
import { webhooksChangedSchema, webhookTestedSchema } from './operations-events.ts'
import {
  orderCancelledSchema,
  orderConfirmedSchema,
  orderPlacedSchema,
  orderRejectedSchema,
  orderSettledSchema,
  ordersArchivedSchema,
} from './order-events.ts'
import {
  authorizationOverdueSchema,
  paymentLegSchema,
  paymentRefundedSchema,
  paymentRefusedSchema,
  refundRequestedSchema,
} from './payment-events.ts'

/** Every event of the system: where it comes from, its current version, and the schema of its data. */
export const EVENTS = {
  OrderPlaced: { source: '/order', version: 2, data: orderPlacedSchema },
  OrderConfirmed: { source: '/order', version: 1, data: orderConfirmedSchema },
  OrderRejected: { source: '/order', version: 1, data: orderRejectedSchema },
  OrderCancelled: { source: '/order', version: 1, data: orderCancelledSchema },
  OrderSettled: { source: '/order', version: 1, data: orderSettledSchema },
  OrdersArchived: { source: '/order', version: 1, data: ordersArchivedSchema },
  StockReserved: { source: '/inventory', version: 1, data: stockLegSchema },
  StockRejected: { source: '/inventory', version: 1, data: stockRejectedSchema },
  StockCommitted: { source: '/inventory', version: 1, data: stockLegSchema },
  StockReleased: { source: '/inventory', version: 1, data: stockLegSchema },
  StockDepleted: { source: '/inventory', version: 1, data: stockLevelCrossedSchema },
  StockReplenished: { source: '/inventory', version: 1, data: stockLevelCrossedSchema },
  ProductChanged: { source: '/inventory', version: 1, data: productChangedSchema },
  PaymentAuthorized: { source: '/payment', version: 1, data: paymentLegSchema },
  PaymentDeclined: { source: '/payment', version: 1, data: paymentRefusedSchema },
  PaymentCaptured: { source: '/payment', version: 1, data: paymentLegSchema },
  PaymentFailed: { source: '/payment', version: 1, data: paymentRefusedSchema },
  PaymentVoided: { source: '/payment', version: 1, data: paymentLegSchema },
  PaymentRefunded: { source: '/payment', version: 1, data: paymentRefundedSchema },
  ReservationOverdue: { source: '/inventory', version: 1, data: reservationOverdueSchema },
  AuthorizationOverdue: { source: '/payment', version: 1, data: authorizationOverdueSchema },
  RefundRequested: { source: '/payment', version: 1, data: refundRequestedSchema },
  WebhooksChanged: { source: '/operations', version: 1, data: webhooksChangedSchema },
  WebhookTested: { source: '/operations', version: 1, data: webhookTestedSchema },
  FactNoted: { source: '/order', version: 1, data: factNotedSchema },
} as const

export type EventType = keyof typeof EVENTS

/** What rows may hold. `OrdersArchived` is stored nowhere, and came later: the shape of what is stored stays. */
export const STORED_EVENT_TYPES = (Object.keys(EVENTS) as EventType[]).filter(
  (type) => type !== 'OrdersArchived',
)

export type DataOf<Type extends EventType> = z.infer<(typeof EVENTS)[Type]['data']>

/** One event, its data typed by its type: `EventOf<'OrderPlaced' | 'OrderConfirmed'>` is a union. */
export type EventOf<Type extends EventType> = {
  [Each in Type]: Omit<Envelope, 'type' | 'data'> & { type: Each; data: DataOf<Each> }
}[Type]

export type DomainEvent = EventOf<EventType>

export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENTS, type)

type Facts<Type extends EventType> = {
  type: Type
  subject: string
  /** Where it is not the type's usual one. */
  source?: string
  /** Given where the event can recur: a refund's id, a product's revision. */
  occurrence?: string
  at: Instant
  revision: number
  data: DataOf<Type>
  traceparent?: string | undefined
  /** The event that led to it. */
  cause?: Cause | undefined
  /** Whose order it is about, and its client's name for it; that of the cause where it is not said. */
  owner?: Owner | undefined
}

type Cause = { id: string; hops: number; traceparent?: string | undefined } & Owner

/** As the envelope says it. */
export type Owner = { client?: string | undefined; externalid?: string | undefined }

/** The event as every subscriber reads it. Built from the same facts it is the same event, byte for byte. */
export const createEvent = <Type extends EventType>(facts: Facts<Type>): EventOf<Type> => {
  const { type, subject, occurrence, at, revision, data, cause } = facts
  const traceparent = facts.traceparent ?? cause?.traceparent
  const { client, externalid } = facts.owner ?? cause ?? {}
  const event = {
    specversion: '1.0',
    id: eventId(type, subject, occurrence),
    source: facts.source ?? EVENTS[type].source,
    type,
    schemaversion: EVENTS[type].version,
    subject,
    time: toTimestamp(at),
    datacontenttype: 'application/json',
    revision,
    correlationid: subject,
    ...(cause && { causationid: cause.id }),
    ...(traceparent && { traceparent }),
    ...(client && { client }),
    ...(externalid && { externalid }),
    hops: cause ? cause.hops + 1 : 0,
    data,
  }
  // The compiler cannot follow one type through the union; the table of events ties `type` to its `data`.
  return event as unknown as EventOf<Type>
}

export const eventId = (type: EventType, subject: string, occurrence?: string): string =>
  occurrence === undefined ? `${subject}/${type}` : `${subject}/${type}/${occurrence}`

/** The subject in an event's id. No subject has a slash in it. */
export const subjectOfEventId = (id: string): string => id.slice(0, id.indexOf('/'))
