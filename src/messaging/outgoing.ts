import type { DomainEvent } from '../contracts/events.ts'
import { SUBSCRIBERS, type Subscriber } from '../contracts/topology.ts'

/** An event on its way to one inbox. */
export type Outgoing = { to: Subscriber; event: DomainEvent }

/** Puts events on inboxes. Rejects when any of them may not have arrived: the caller still owes them all. */
export type Publish = (outgoing: readonly Outgoing[]) => Promise<void>

/** One copy for each subscriber of the event. */
export const toSubscribers = (event: DomainEvent): Outgoing[] =>
  SUBSCRIBERS[event.type].map((to) => ({ to, event }))
