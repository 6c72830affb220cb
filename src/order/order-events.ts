import { createEvent, type DataOf, type DomainEvent, type EventOf, eventId } from '../contracts/events.ts'
import { type PublicEvent, publicEvent } from '../contracts/public-event.ts'
import { toMajor } from '../kernel/money.ts'
import type { HistoryEntry, Order } from './order.ts'

type OwnEventType = 'OrderPlaced' | 'OrderConfirmed' | 'OrderRejected' | 'OrderCancelled' | 'OrderSettled'

/** The order's events in the order they took effect. */
export const eventsOf = (order: Order): DomainEvent[] => order.history.map((entry) => eventOf(order, entry))

/** The order's events in the order they took effect, as readers outside the system may see them. */
export const publicEventsOf = (order: Order): PublicEvent[] =>
  order.history.map((entry) => publicEventOf(order, entry))

/** One of them. */
export const publicEventOf = (order: Order, entry: HistoryEntry): PublicEvent =>
  publicEvent(eventOf(order, entry))

/** The ids of the events since `before` that some webhook wants. */
export const announcementsSince = (before: Order, order: Order, wanted: ReadonlySet<string>): string[] =>
  order.history
    .slice(before.history.length)
    .filter((entry) => wanted.has(entry.type))
    .map((entry) => idOf(order, entry))

/** The events with these ids, for the operations service. */
export const announcementsOf = (order: Order, ids: readonly string[]): DomainEvent[] =>
  order.history.filter((entry) => ids.includes(idOf(order, entry))).map((entry) => eventOf(order, entry))

const idOf = (order: Order, { type, occurrence }: HistoryEntry): string =>
  eventId(type, order.orderId, occurrence)

/** The order's last decision, which its legs have to carry out; for a pending order `OrderPlaced`. */
export const decisionEvent = (order: Order): DomainEvent => {
  const type = DECISION_EVENT[order.status]
  const entry = order.history.findLast((each) => each.type === type)
  if (entry === undefined) throw new Error(`Broken invariant: ${order.orderId} has no ${type} in its history`)
  return eventOf(order, entry)
}

const DECISION_EVENT = {
  pending: 'OrderPlaced',
  confirmed: 'OrderConfirmed',
  rejected: 'OrderRejected',
  cancelled: 'OrderCancelled',
} as const satisfies Record<Order['status'], OwnEventType>

/** A repeated publication has to be the same event, so it is built from data that never change: entry and content. */
const eventOf = (order: Order, entry: HistoryEntry): DomainEvent =>
  createEvent({
    type: entry.type,
    subject: order.orderId,
    ...(entry.occurrence !== undefined && { occurrence: entry.occurrence }),
    at: entry.at,
    revision: entry.revision,
    data: (entry.data ?? ownData(order, entry.type as OwnEventType)) as DataOf<HistoryEntry['type']>,
    traceparent: entry.traceparent,
    owner: { client: order.client ?? undefined, externalid: order.externalId },
    ...(entry.causationId && { cause: { id: entry.causationId, hops: entry.hops - 1 } }),
  })

const ownData = (order: Order, type: OwnEventType): DataOf<OwnEventType> => {
  const { orderId } = order
  const { currency } = order
  const content = {
    orderId,
    items: itemsOf(order),
    totalAmount: toMajor(order.totalMinor, currency),
    currency,
  }
  if (type === 'OrderPlaced') return { ...content, ...placedData(order) }
  if (type === 'OrderRejected' || type === 'OrderCancelled') {
    if (order.status !== 'rejected' && order.status !== 'cancelled') {
      throw new Error(`Broken invariant: ${orderId} is ${order.status} and has ${type} in its history`)
    }
    return { ...content, reason: order.reason, ...(order.client !== null && { client: order.client }) }
  }
  return content
}

const placedData = (order: Order): Partial<EventOf<'OrderPlaced'>['data']> => ({
  ...(order.client !== null && { client: order.client }),
  ...(order.paymentToken !== undefined && { payment: { token: order.paymentToken } }),
  ...(order.customerId !== undefined && { customerId: order.customerId }),
})

const itemsOf = (order: Order) =>
  order.lines.map((line) => ({
    productId: line.productId,
    quantity: line.quantity,
    unitPrice: toMajor(line.unitPriceMinor, order.currency),
    amount: toMajor(line.amountMinor, order.currency),
  }))
