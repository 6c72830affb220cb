import type { DomainEvent } from './events.ts'

/**
 * Whether somebody sends the event again until it has taken effect. All of ours are: decisions are owed by the order,
 * answers are asked for again, facts are owed until they are noted. An order from elsewhere nobody sends again.
 */
export const isOwed = (event: DomainEvent): boolean =>
  event.type !== 'OrderPlaced' || event.data.client !== undefined
