import type { Subscriber } from '../../contracts/topology.ts'
import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import { acknowledgementOf } from '../../messaging/acknowledgement.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import type { Order } from '../order.ts'
import { decisionEvent } from '../order-events.ts'
import { type LegInquiry, type LegReport, outstandingLegs } from '../saga.ts'
import type { OrderRow } from './order-store.ts'

/** A backlog that still holds our last publication is not added to, unless it has held it for this long. */
const HELD_MS_MAX = 600 * SECOND_MS
/** One full batch. So few are no backlog: they may be others' that are delayed while ours was lost. */
const STRAGGLERS_MAX = 100

/** What an order owes the services that its decision has not taken effect at. */
export const outstanding = (order: Order): Outgoing[] => {
  const legs = outstandingLegs(order)
  if (legs.length === 0) return []
  const event = decisionEvent(order)
  return legs.map((to) => ({ to, event }))
}

/** The last decision once more, also where it is believed to be done: the leg that asks knows nothing of it. */
export const decisionFor = (order: Order, { type }: LegInquiry): Outgoing[] => [
  { to: type === 'ReservationOverdue' ? 'inventory' : 'payment', event: decisionEvent(order) },
]

/** When the oldest message of a backlog was sent, from what the queue says of itself. */
export const backlogSince = ({ backlogCount, oldestMessageTimestamp }: QueueMetrics): Instant | undefined =>
  backlogCount > STRAGGLERS_MAX ? oldestMessageTimestamp?.getTime() : undefined

/** Where something lies, or should, that the order waits to be taken. */
export const inboxesOf = ({ order, announcing }: OrderRow): Subscriber[] => [
  ...outstandingLegs(order),
  ...(announcing === null ? [] : ['operations' as const]),
]

/** Local brokers forget; a slow consumer does not: what it still holds needs no second copy. */
export const isHeld = (oldestWaiting: Instant | undefined, sentAt: Instant, now: Instant): boolean =>
  oldestWaiting !== undefined && oldestWaiting <= sentAt && now - sentAt < HELD_MS_MAX

/** The payment service sends each refund again until it is acknowledged, also where nothing asked for the refund. */
export const acknowledgementsOf = (reports: readonly (LegReport | LegInquiry)[], at: Instant): Outgoing[] =>
  reports
    .filter(({ type }) => type === 'PaymentRefunded')
    .map((refund) => ({ to: 'payment', event: acknowledgementOf([refund], { service: 'order', at }) }))

/** A leg asks about its order, as opposed to saying how it stands. */
export const isLegInquiry = (fact: LegReport | LegInquiry): fact is LegInquiry =>
  fact.type === 'ReservationOverdue' || fact.type === 'AuthorizationOverdue'
