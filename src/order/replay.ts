import type { DomainEvent, EventType } from '../contracts/events.ts'
import { REPLAYABLE } from '../contracts/replay.ts'
import type { Service } from '../contracts/topology.ts'
import { DAY_MS, fromTimestamp, type Instant } from '../kernel/instant.ts'
import { isSettled, type Order } from './order.ts'
import { decisionEvent, eventsOf } from './order-events.ts'
import { isUnknownOrder } from './unknown-order.ts'

/** Which events to send once more, and to whom. Without types: all that the subscriber gets. */
export type WantedReplay = { to: Service; types?: readonly EventType[] | undefined }

/** `orders`: the ids of those that there are. `heldBack`: so many events a repetition of which might have an effect. */
export type Replay = { orders: string[]; events: DomainEvent[]; heldBack: number }

/** A webhook's deliveries are forgotten a week after their end. An event that came then would be delivered again. */
const ANNOUNCEMENT_MS_MAX = 6 * DAY_MS

/** The events of orders that can be sent once more without any effect where they were handled before. */
export const replayOf = (orders: readonly Order[], { to, types }: WantedReplay, now: Instant): Replay => {
  const wanted: readonly EventType[] = types ?? REPLAYABLE[to]
  const placed = orders.filter((order) => !isUnknownOrder(order))
  const chosen = placed.flatMap((order) =>
    eventsOf(order)
      .filter(({ type }) => wanted.includes(type))
      .map((event) => ({ event, isHarmless: HARMLESS[to](order, event, now) })),
  )
  const events = chosen.filter(({ isHarmless }) => isHarmless).map(({ event }) => event)
  return { orders: placed.map(({ orderId }) => orderId), events, heldBack: chosen.length - events.length }
}

type Check = (order: Order, event: DomainEvent, now: Instant) => boolean

/**
 * Once an order is settled, both legs have carried out its last decision: they know every event of it, and each goes
 * forward only. Before that, a leg may not have seen an earlier event, which might begin what the last decision ended: a
 * late `OrderPlaced` has no payment token any more. The last decision is what the partition itself sends again.
 */
const isKnownToLegs: Check = (order, event) => isSettled(order) || event.id === decisionEvent(order).id

const HARMLESS: Record<Service, Check> = {
  inventory: isKnownToLegs,
  payment: isKnownToLegs,
  // The order's history has only reports that the order has applied.
  order: () => true,
  operations: (_order, { time }, now) => now - fromTimestamp(time) < ANNOUNCEMENT_MS_MAX,
}
