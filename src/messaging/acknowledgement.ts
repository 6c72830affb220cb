import { createEvent, type DomainEvent, type EventOf } from '../contracts/events.ts'
import type { Subscriber } from '../contracts/topology.ts'
import type { Instant } from '../kernel/instant.ts'

/** Says that facts took effect at a subscriber. The type on the wire keeps its first name. */
export type Acknowledgement = EventOf<'FactNoted'>

/** Who acknowledges, and when. */
type From = { service: Subscriber; at: Instant }

/** One acknowledgement for facts of the same subject: the subject leads to the partition that publishes them. */
export const acknowledgementOf = (
  facts: readonly [DomainEvent, ...DomainEvent[]],
  { service, at }: From,
): Acknowledgement => {
  const [fact] = facts
  return createEvent({
    type: 'FactNoted',
    source: `/${service}`,
    subject: fact.subject,
    occurrence: fact.id,
    at,
    revision: fact.revision,
    data: { ids: [...new Set(facts.map(({ id }) => id))] },
    cause: fact,
  })
}

export const isAcknowledgement = (event: DomainEvent): event is Acknowledgement => event.type === 'FactNoted'

/** The ids of all facts that these events acknowledge. */
export const acknowledgedIds = (acknowledgements: readonly Acknowledgement[]): string[] =>
  acknowledgements.flatMap(({ data }) => data.ids)
