import type { DomainEvent, EventOf } from '../contracts/events.ts'
import type { StockAlertType } from '../contracts/stock-alert.ts'
import type { Subscriber } from '../contracts/topology.ts'
import type { Instant } from '../kernel/instant.ts'
import { acknowledgedIds, acknowledgementOf, isAcknowledgement } from '../messaging/acknowledgement.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Outgoing, Publish } from '../messaging/outgoing.ts'
import { isAboutStock, isOffered } from './webhook.ts'

export type StockAlert = EventOf<StockAlertType>

type Ports = {
  /** Stores alerts, each once, before they are acknowledged. */
  keepAlerts(alerts: readonly StockAlert[]): Promise<void>
  /** Stores events for the webhooks that want them, each once. Resolves with the ids of events that could not be stored. */
  accept(events: readonly DomainEvent[]): Promise<readonly string[]>
  /** The order service has stored these changes of the subscription. */
  acknowledge(factIds: readonly string[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Handles facts for operators and webhooks. A fact is acknowledged only after it is stored for both. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const alerts = events.filter(isAboutStock)
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

/** One acknowledgement for each subject of each publisher. */
const acknowledgementsOf = (facts: readonly DomainEvent[], now: Instant): Outgoing[] =>
  Array.from(
    Map.groupBy(facts, (fact) => `${publisherOf(fact)} ${fact.subject}`).values(),
    ([first, ...others]): Outgoing[] => {
      if (first === undefined) return []
      const event = acknowledgementOf([first, ...others], { service: 'operations', at: now })
      return [{ to: publisherOf(first), event }]
    },
  ).flat()

/** The order service announces and redelivers every fact about an order, also one that the payment service made. */
const publisherOf = (fact: DomainEvent): Subscriber => (isAboutStock(fact) ? 'inventory' : 'order')
