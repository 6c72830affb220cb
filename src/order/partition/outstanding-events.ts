import type { Subscriber } from '../../contracts/topology.ts'
import type { Instant } from '../../kernel/instant.ts'
import { acknowledgementOf } from '../../messaging/acknowledgement.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import type { Order } from '../order.ts'
import { decisionEvent } from '../order-events.ts'
import { type LegInquiry, type LegReport, outstandingLegs } from '../saga.ts'
import type { OrderRow } from './order-store.ts'
import { subscribersOf } from './subscriptions.ts'

/** The decision, to each service where its effect is not known yet. */
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

/** The queues that have, or should have, events of this order that are outstanding. */
export const queuesOf = (row: OrderRow): Subscriber[] => [
  ...outstandingLegs(row.order),
  ...(row.announcing === null ? [] : ['operations' as const]),
  ...subscribersOf(row),
]

/** The payment service sends each refund again until it is acknowledged, also where nothing asked for the refund. */
export const acknowledgementsOf = (reports: readonly (LegReport | LegInquiry)[], at: Instant): Outgoing[] =>
  reports
    .filter(({ type }) => type === 'PaymentRefunded')
    .map((refund) => ({ to: 'payment', event: acknowledgementOf([refund], { service: 'order', at }) }))

/** A leg asks about its order, as opposed to saying how it stands. */
export const isLegInquiry = (fact: LegReport | LegInquiry): fact is LegInquiry =>
  fact.type === 'ReservationOverdue' || fact.type === 'AuthorizationOverdue'
