import { createEvent, type DomainEvent, type EventOf } from '../contracts/events.ts'
import type { Subscriber } from '../contracts/topology.ts'
import type { Instant } from '../kernel/instant.ts'
import { done, type Outcome } from '../messaging/consume.ts'
import type { Outgoing, Publish } from '../messaging/outgoing.ts'
import { isOffered } from './webhook.ts'

export type StockAlert = EventOf<'StockDepleted' | 'StockReplenished'>

type Ports = {
  /** Kept before it is noted, each once. */
  keepAlerts(alerts: readonly StockAlert[]): Promise<void>
  /** For the webhooks that want them, each once. Resolves with the ids of those that could not be stored. */
  accept(events: readonly DomainEvent[]): Promise<readonly string[]>
  /** The order service knows what is wanted. */
  note(factIds: readonly string[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Takes in what operators and webhooks want to know of. A fact is noted only after both have it. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const alerts = events.filter(isAlert)
  const facts = events.filter(isOffered)
  const notes = events.filter(isNote)
  const [refusedIds] = await Promise.all([
    facts.length > 0 ? ports.accept(facts) : [],
    ...(alerts.length > 0 ? [ports.keepAlerts(alerts)] : []),
    ...(notes.length > 0 ? [ports.note(notes.flatMap((note) => note.data.ids))] : []),
  ])
  const refused = new Set(refusedIds)
  const accepted = facts.filter(({ id }) => !refused.has(id))
  if (accepted.length > 0) await ports.publish(notesOf(accepted, ports.now()))
  return events.map((event) => {
    if (refused.has(event.id)) return notStored(event)
    return isOffered(event) || isNote(event) ? done : notForUs(event)
  })
}

const notStored = (event: DomainEvent): Outcome => ({
  kind: 'retry',
  error: `The webhook partition could not store ${event.type}; its log says why.`,
})

const isAlert = (event: DomainEvent): event is StockAlert =>
  event.type === 'StockDepleted' || event.type === 'StockReplenished'

const isNote = (event: DomainEvent): event is EventOf<'FactNoted'> => event.type === 'FactNoted'

/** One note for each subject: it finds its way by that. */
const notesOf = (facts: readonly DomainEvent[], now: Instant): Outgoing[] =>
  Array.from(
    Map.groupBy(facts, (fact) => `${ownerOf(fact)} ${fact.subject}`).values(),
    ([first, ...others]) =>
      first === undefined ? [] : [{ to: ownerOf(first), event: noted(first, others, now) }],
  ).flat()

/** What concerns an order is announced, and so owed, by the order service, whoever said it first. */
const ownerOf = (fact: DomainEvent): Subscriber => (isAlert(fact) ? 'inventory' : 'order')

const noted = (fact: DomainEvent, others: readonly DomainEvent[], now: Instant): EventOf<'FactNoted'> =>
  createEvent({
    type: 'FactNoted',
    source: '/operations',
    subject: fact.subject,
    occurrence: fact.id,
    at: now,
    revision: fact.revision,
    data: { ids: [...new Set([fact.id, ...others.map((other) => other.id)])] },
    cause: fact,
  })

const notForUs = (event: DomainEvent): Outcome => ({
  kind: 'park',
  reason: 'unexpected_type',
  error: `The operations Worker does not subscribe to ${event.type}.`,
})
