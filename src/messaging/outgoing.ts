import type { DomainEvent } from '../contracts/events.ts'
import { SUBSCRIBERS, type Subscriber } from '../contracts/topology.ts'

/** An event on its way to one inbox. */
export type Outgoing = { to: Subscriber; event: DomainEvent }

/** Puts events on inboxes. Rejects where any of them may not have arrived: all of them are still outstanding. */
export type Publish = (outgoing: readonly Outgoing[]) => Promise<void>

/** One copy for each subscriber of the event. */
export const toSubscribers = (event: DomainEvent): Outgoing[] =>
  SUBSCRIBERS[event.type].map((to) => ({ to, event }))
