import type { DomainEvent, EventOf } from '../contracts/events.ts'
import { REPLAYABLE } from '../contracts/replay.ts'
import type { Subscriber } from '../contracts/topology.ts'
import type { Instant } from '../kernel/instant.ts'
import {
  type Acknowledgement,
  acknowledgedIds,
  acknowledgementOf,
  isAcknowledgement,
} from '../messaging/acknowledgement.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Publish } from '../messaging/outgoing.ts'
import type { Wanted } from './partition/webhook-announcements.ts'
import type { LegInquiry, LegReport } from './saga.ts'

type Ports = {
  /** The partition of an order, or `undefined` for an id that no order can have. */
  labelOf(orderId: string): string | undefined
  /** Applies reports to a partition's orders. Returns the ids of the orders for which this failed. */
  applyReports(label: string, reports: readonly (LegReport | LegInquiry)[]): Promise<readonly string[]>
  /** A service has these facts about a partition's orders: operations, or another subscriber. */
  acknowledge(label: string, factIds: readonly string[], subscriber: string): Promise<void>
  /** Tells every partition which event types webhooks want. */
  setWantedTypes(wanted: Wanted): Promise<void>
  updateCatalogue(changes: readonly EventOf<'ProductChanged'>[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Handles a batch of events with one call of each kind to each order partition, and one write to the catalogue. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const failedOrders = new Set<string>()
  const [reported, acknowledged, learned, wanted] = await Promise.all([
    eachPartition(events.filter(isReport), ports, async (label, reports) => {
      for (const orderId of await ports.applyReports(label, reports)) failedOrders.add(orderId)
    }),
    eachPartition(events.filter(isAcknowledgement), ports, (label, acknowledgements) =>
      acknowledgeIn(label, acknowledgements, ports),
    ),
    updateCatalogue(events.filter(isProductChange), ports),
    setWantedTypes(events.filter(isWebhookChange), ports),
  ])
  return events.map((event) => {
    if (isProductChange(event)) return learned
    if (isWebhookChange(event)) return wanted
    if (!isReport(event) && !isAcknowledgement(event)) return unexpectedType('The order service', event)
    if (isReport(event) && failedOrders.has(event.subject)) return notStored(event)
    const label = ports.labelOf(event.subject)
    const outcomes = isAcknowledgement(event) ? acknowledged : reported
    return (label !== undefined && outcomes.get(label)) || unknownLabel(event.subject)
  })
}

/** Every report of a leg can be replayed. What a leg asks cannot: it asks again by itself. */
const REPORTS = new Set<string>([
  ...REPLAYABLE.order,
  'ReservationOverdue',
  'AuthorizationOverdue',
] satisfies (LegReport | LegInquiry)['type'][])

const isReport = (event: DomainEvent): event is LegReport | LegInquiry => REPORTS.has(event.type)

const isProductChange = (event: DomainEvent): event is EventOf<'ProductChanged'> =>
  event.type === 'ProductChanged'

const isWebhookChange = (event: DomainEvent): event is EventOf<'WebhooksChanged'> =>
  event.type === 'WebhooksChanged'

/** The outcome of the one call to each partition. */
const eachPartition = async <Event extends DomainEvent>(
  events: readonly Event[],
  ports: Ports,
  call: (label: string, events: readonly Event[]) => Promise<void>,
): Promise<ReadonlyMap<string, Outcome>> => {
  const byLabel = Map.groupBy(events, (event) => ports.labelOf(event.subject))
  const calls = Array.from(
    byLabel,
    async ([label, group]): Promise<[string, Outcome][]> =>
      label === undefined ? [] : [[label, await outcomeOf(call(label, group))]],
  )
  return new Map((await Promise.all(calls)).flat())
}

/** One call for each service that acknowledges. */
const acknowledgeIn = async (
  label: string,
  acknowledgements: readonly Acknowledgement[],
  ports: Ports,
): Promise<void> => {
  const bySource = Map.groupBy(acknowledgements, ({ source }) => source)
  const calls = Array.from(bySource, ([source, group]) =>
    ports.acknowledge(label, acknowledgedIds(group), source.slice(1)),
  )
  await Promise.all(calls)
}

/** A product change is acknowledged only after the copy has it. */
const updateCatalogue = async (
  changes: readonly EventOf<'ProductChanged'>[],
  ports: Ports,
): Promise<Outcome> => {
  if (changes.length === 0) return done
  const update = async () => {
    await ports.updateCatalogue(changes)
    await acknowledge(changes, 'inventory', ports)
  }
  return await outcomeOf(update())
}

/** Acknowledged only after every partition has the types: each order that is placed later is announced. */
const setWantedTypes = async (
  changes: readonly EventOf<'WebhooksChanged'>[],
  ports: Ports,
): Promise<Outcome> => {
  const latest = changes.toSorted((left, right) => left.revision - right.revision).at(-1)
  if (latest === undefined) return done
  const setTypes = async () => {
    await ports.setWantedTypes({ revision: latest.revision, types: latest.data.types })
    await acknowledge(changes, 'operations', ports)
  }
  return await outcomeOf(setTypes())
}

const acknowledge = async (
  changes: readonly EventOf<'ProductChanged' | 'WebhooksChanged'>[],
  to: Subscriber,
  { publish, now }: Ports,
): Promise<void> => {
  const from = { service: 'order', at: now() } as const
  await publish(changes.map((change) => ({ to, event: acknowledgementOf([change], from) })))
}

const outcomeOf = (work: Promise<void>): Promise<Outcome> =>
  work.then(
    () => done,
    (error): Outcome => ({ kind: 'retry', error: String(error) }),
  )

const notStored = (event: DomainEvent): Outcome => ({
  kind: 'retry',
  error: `The partition could not store the change that ${event.type} makes. Its log says why.`,
})

const unknownLabel = (orderId: string): Outcome => ({
  kind: 'park',
  reason: 'unknown_partition',
  error: `No partition of this deployment holds ${orderId}.`,
})
