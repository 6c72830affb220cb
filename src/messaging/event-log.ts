import type { DomainEvent } from '../contracts/events.ts'
import { hash32 } from '../kernel/hash.ts'
import type { Instant } from '../kernel/instant.ts'
import { traceIdOf } from '../kernel/trace.ts'

/** One line for each event that a consumer has handled, of a share of all traces. */
export type EventLog = {
  /** From 0 for none to 1 for all. */
  share: number
  now(): Instant
}

const WORDS = 2 ** 32

/** All events of one trace are logged, at every consumer, or none of them. */
export const isLogged = (event: DomainEvent, { share }: EventLog): boolean =>
  hash32(traceIdOf(event) ?? event.subject) / WORDS < share

/** The fields of a line: ids and times, and nothing that a customer or a client chose. */
export const handledFields = (event: DomainEvent) => ({
  ...('orderId' in event.data && { orderId: event.subject }),
  eventId: event.id,
  type: event.type,
  traceId: traceIdOf(event),
})
