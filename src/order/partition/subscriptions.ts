import type { Subscriber, Subscriptions } from '../../contracts/topology.ts'
import type { Instant } from '../../kernel/instant.ts'
import { isStillQueued } from '../../messaging/backlog.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { nextResendAt, resend, sentOnce } from '../../messaging/redelivery.ts'
import type { Order } from '../order.ts'
import { announcementsOf, announcementsSince } from '../order-events.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import type { Announcing, OrderRow, Unacknowledged } from './order-store.ts'

/**
 * Facts about orders for subscribers beyond the four services. The order's row has each subscriber's facts outstanding
 * apart from its decision: an order settles whether or not they are acknowledged. Where there is no such subscriber,
 * nothing is stored and nothing is sent.
 */
export const createSubscriptions = (host: PartitionHost, subscriptions: Subscriptions) => {
  const subscribers = Object.entries(subscriptions).map(([name, types]) => ({
    name,
    types: new Set<string>(types),
  }))
  return {
    /** The row with each new fact outstanding for its subscribers. It is published at once. */
    announce: (before: OrderRow, row: OrderRow, now: Instant): OrderRow => {
      if (subscribers.length === 0 || isUnknownOrder(row.order)) return row
      const added = subscribers.flatMap(({ name, types }) => {
        const ids = announcementsSince(before.order, row.order, types)
        if (ids.length === 0) return []
        host.publish(outgoingTo(name, row.order, ids))
        const outstanding = [...(row.unacknowledged?.[name]?.ids ?? []), ...ids]
        return [[name, { ids: outstanding, ...sentOnce(now) }] as const]
      })
      return added.length === 0
        ? row
        : { ...row, unacknowledged: { ...row.unacknowledged, ...Object.fromEntries(added) } }
    },

    /** The row after its outstanding facts were sent again, where that is due. A subscriber that was removed gets none. */
    announceAgain: (row: OrderRow, oldestWaiting: OldestWaiting, now: Instant): OrderRow => {
      if (row.unacknowledged === null) return row
      const { order } = row
      const sendAgain = (name: string, announcing: Announcing): Announcing => {
        const isQueued = () => isStillQueued(oldestWaiting.get(name as Subscriber), announcing.sentAt, now)
        const { publish } = host
        return resend(announcing, outgoingTo(name, order, announcing.ids), { now, publish, isQueued })
      }
      const known = Object.entries(row.unacknowledged).filter(([name]) => Object.hasOwn(subscriptions, name))
      return {
        ...row,
        unacknowledged: orNull(known.map(([name, announcing]) => [name, sendAgain(name, announcing)])),
      }
    },

    /** When the row's facts are due again, for each subscriber that has not acknowledged all of them. */
    dueAt: ({ unacknowledged }: OrderRow, now: Instant): Instant[] =>
      Object.values(unacknowledged ?? {}).map((announcing) => nextResendAt(announcing, now, host.chance)),
  }
}

type OldestWaiting = ReadonlyMap<Subscriber, Instant | undefined>

const outgoingTo = (name: string, order: Order, ids: readonly string[]): Outgoing[] =>
  announcementsOf(order, ids).map((event) => ({ to: name as Subscriber, event }))

/** The subscribers for which the row has facts outstanding. */
export const subscribersOf = ({ unacknowledged }: OrderRow): Subscriber[] =>
  Object.keys(unacknowledged ?? {}) as Subscriber[]

/** The row without the facts that this subscriber has acknowledged. */
export const withoutAcknowledgedBy = (
  row: OrderRow,
  subscriber: string,
  ids: readonly string[],
): OrderRow => {
  const left = Object.entries(row.unacknowledged ?? {}).flatMap(
    ([name, announcing]): [string, Announcing][] => {
      if (name !== subscriber) return [[name, announcing]]
      const outstanding = announcing.ids.filter((id) => !ids.includes(id))
      return outstanding.length === 0 ? [] : [[name, { ...announcing, ids: outstanding }]]
    },
  )
  return { ...row, unacknowledged: orNull(left) }
}

const orNull = (entries: readonly (readonly [string, Announcing])[]): Unacknowledged | null =>
  entries.length === 0 ? null : Object.fromEntries(entries)
