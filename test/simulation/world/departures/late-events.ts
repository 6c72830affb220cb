import type { DomainEvent } from '../../../../src/contracts/events.ts'
import { valuesIn } from '../../../../src/messaging/message-values.ts'
import type { Order } from '../../../../src/order/order.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Random } from '../../platform/random.ts'
import type { System } from '../../system/system.ts'
import type { DepartureScene } from './scene.ts'

/** What operations gets again goes to webhooks, whose deliveries are forgotten after a week. */
const SERVICES = ['order', 'inventory', 'payment'] as const

/** From now on every event that is sent can come again. */
export const rememberEvents = ({ inboxes }: System): void => {
  for (const service of SERVICES) inboxes[service].remember()
}

/** Half of the events that were ever sent about the orders come again, each on its own: tokens, reports and all. */
export const repeatSome = (
  { scheduler }: Platform,
  { system, cloud }: DepartureScene,
  { orders, random, withinMs }: { orders: readonly Order[]; random: Random; withinMs: number },
): void => {
  const ids = new Set(orders.map(({ orderId }) => orderId))
  for (const service of SERVICES) {
    const inbox = system.inboxes[service]
    for (const event of eventsAbout(inbox.remembered(), ids)) {
      const atMs = random.below(withinMs)
      if (random.chance() < 0.5) scheduler.after(atMs, cloud, () => inbox.receive([event]))
    }
  }
}

/** Every event that was ever sent about these orders comes again, in one message to each service. */
export const repeatAll = ({ inboxes }: System, orders: ReadonlyMap<string, Order>): void => {
  for (const service of SERVICES) {
    const events = eventsAbout(inboxes[service].remembered(), orders)
    if (events.length > 0) inboxes[service].receive(events)
  }
}

/** Each event once, as it came first. A repeated `OrdersArchived` would have another look at what had to stay. */
const eventsAbout = (
  bodies: readonly unknown[],
  orders: { has(orderId: string): boolean },
): readonly DomainEvent[] => {
  const events = new Map<string, DomainEvent>()
  for (const event of bodies.flatMap(valuesIn) as DomainEvent[])
    if (orders.has(event.subject) && event.type !== 'OrdersArchived' && !events.has(event.id))
      events.set(event.id, event)
  return [...events.values()]
}
