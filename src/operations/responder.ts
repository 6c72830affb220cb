import type { DomainEvent, EventOf } from '../contracts/events.ts'
import type { Subscriber } from '../contracts/topology.ts'
import type { Instant } from '../kernel/instant.ts'
import { acknowledgedIds, acknowledgementOf, isAcknowledgement } from '../messaging/acknowledgement.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Outgoing, Publish } from '../messaging/outgoing.ts'
import { isOffered } from './webhook.ts'

export type StockAlert = EventOf<'StockDepleted' | 'StockReplenished'>

type Ports = {
  /** Stored before they are acknowledged, each once. */
  keepAlerts(alerts: readonly StockAlert[]): Promise<void>
  /** For the webhooks that want them, each once. Resolves with the ids of those that could not be stored. */
  accept(events: readonly DomainEvent[]): Promise<readonly string[]>
  /** The order service has stored what these changes of the subscription say. */
  acknowledge(factIds: readonly string[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Handles facts for operators and webhooks. A fact is acknowledged only after both have it. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const alerts = events.filter(isAlert)
  const facts = events.filter(isOffered)
  const acknowledgements = events.filter(isAcknowledgement)
  const [refusedIds] = await Promise.all([
    facts.length > 0 ? ports.accept(facts) : [],
    ...(alerts.length > 0 ? [ports.keepAlerts(alerts)] : []),
    ...(acknowledgements.length > 0 ? [ports.acknowledge(acknowledgedIds(acknowledgements))] : []),
  ])
  const refused = new Set(refusedIds)
  const accepted = facts.filter(({ id }) => !refused.has(id))
  if (accepted.length > 0) await ports.publish(acknowledgementsOf(accepted, ports.now()))
  return events.map((event) => {
    if (refused.has(event.id)) return notStored(event)
    return isOffered(event) || isAcknowledgement(event)
      ? done
      : unexpectedType('The operations Worker', event)
  })
}

const notStored = (event: DomainEvent): Outcome => ({
  kind: 'retry',
  error: `The webhook partition could not store ${event.type}; its log says why.`,
})

const isAlert = (event: DomainEvent): event is StockAlert =>
  event.type === 'StockDepleted' || event.type === 'StockReplenished'

/** One for each subject of each publisher. */
const acknowledgementsOf = (facts: readonly DomainEvent[], now: Instant): Outgoing[] =>
  Array.from(
    Map.groupBy(facts, (fact) => `${publisherOf(fact)} ${fact.subject}`).values(),
    ([first, ...others]): Outgoing[] => {
      if (first === undefined) return []
      const event = acknowledgementOf([first, ...others], { service: 'operations', at: now })
      return [{ to: publisherOf(first), event }]
    },
  ).flat()

/** A fact about an order is announced, and sent again, by the order service, also where the payment service made it. */
const publisherOf = (fact: DomainEvent): Subscriber => (isAlert(fact) ? 'inventory' : 'order')
