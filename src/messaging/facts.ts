import type { DomainEvent } from '../contracts/events.ts'
import type { Subscriber } from '../contracts/topology.ts'
import type { Instant } from '../kernel/instant.ts'
import { acknowledgementOf } from './acknowledgement.ts'
import { done, type Outcome, unexpectedType } from './consume.ts'
import type { Outgoing, Publish } from './outgoing.ts'

/** What a subscriber beyond the four services does with facts about orders. */
export type FactHandling<Fact extends DomainEvent> = {
  name: Subscriber
  isFact(event: DomainEvent): event is Fact
  /** Stores what follows from the facts, each once: they come at least once, in any order. Throws where it cannot. */
  store(facts: readonly Fact[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Stores the facts of a batch, and acknowledges them only after that. Throws where they could not be stored. */
export const handleFacts = async <Fact extends DomainEvent>(
  events: readonly DomainEvent[],
  { name, isFact, store, publish, now }: FactHandling<Fact>,
): Promise<Outcome[]> => {
  const facts = events.filter(isFact)
  if (facts.length > 0) {
    await store(facts)
    await publish(acknowledgementsOf(facts, { service: name, at: now() }))
  }
  return events.map((event) => (isFact(event) ? done : unexpectedType(`The ${name} service`, event)))
}

/** One acknowledgement for each order, to the service that sends its facts again. */
const acknowledgementsOf = (
  facts: readonly DomainEvent[],
  from: { service: Subscriber; at: Instant },
): Outgoing[] =>
  Array.from(Map.groupBy(facts, ({ subject }) => subject).values(), ([first, ...others]): Outgoing[] =>
    first === undefined ? [] : [{ to: 'order', event: acknowledgementOf([first, ...others], from) }],
  ).flat()
