import type { DomainEvent } from './events.ts'

/**
 * Whether its publisher sends the event again until its effect is known. That is so for every event of ours: the order
 * sends decisions again, which lets the other services send their reports again, and facts are sent until they are
 * acknowledged. An external order on a queue comes once.
 */
export const isRedelivered = (event: DomainEvent): boolean =>
  event.type !== 'OrderPlaced' || event.data.client !== undefined
