import type { Subscriber, Subscriptions } from '../../contracts/topology.ts'
import { ANNOUNCED } from '../../contracts/webhook-types.ts'
import type { Instant } from '../../kernel/instant.ts'
import { isStillQueued } from '../../messaging/backlog.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { nextResendAt, resend, sentOnce } from '../../messaging/redelivery.ts'
import type { Order } from '../order.ts'
import { announcementsOf, announcementsSince } from '../order-events.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { loadWanted, type OrderRow, storeWanted } from './order-store.ts'
import { createSubscriptions } from './subscriptions.ts'

/** The event types that webhooks want. Of two values, the one with the higher revision holds. */
export type Wanted = { revision: number; types: readonly string[] }

type OldestWaiting = ReadonlyMap<Subscriber, Instant | undefined>

/**
 * Announces to the operations service the facts of orders that webhooks want. The order's row has its announcements
 * outstanding apart from its decision: an order settles whether or not they are acknowledged. A partition that does not
 * know what is wanted announces every fact, and is then sent what is wanted.
 */
export const createAnnouncer = (host: PartitionHost, subscriptions: Subscriptions) => {
  const added = createSubscriptions(host, subscriptions)
  const known = { wanted: loadWanted(host.sql) }
  const wantedTypes = (): ReadonlySet<string> => new Set(known.wanted?.types ?? ANNOUNCED)
  return {
    setWantedTypes: (wanted: Wanted): void => {
      if (wanted.revision <= (known.wanted?.revision ?? -1)) return
      storeWanted(host.sql, wanted)
      host.afterTurn(() => {
        known.wanted = wanted
      })
    },

    /** The row with each new fact that is wanted outstanding. It is published at once. */
    announce: (before: OrderRow, changed: OrderRow, now: Instant): OrderRow => {
      const row = added.announce(before, changed, now)
      const ids = isUnknownOrder(row.order) ? [] : announcementsSince(before.order, row.order, wantedTypes())
      if (ids.length === 0) return row
      host.publish(toOperations(row.order, ids))
      const outstanding = [...(row.announcing?.ids ?? []), ...ids]
      return { ...row, announcing: { ids: outstanding, ...sentOnce(now) } }
    },

    /** The row after its outstanding announcements were sent again, where that is due. */
    announceAgain: (before: OrderRow, oldestWaiting: OldestWaiting, now: Instant): OrderRow => {
      const row = added.announceAgain(before, oldestWaiting, now)
      const { order, announcing } = row
      if (announcing === null) return row
      const isQueued = () => isStillQueued(oldestWaiting.get('operations'), announcing.sentAt, now)
      const { publish } = host
      return {
        ...row,
        announcing: resend(announcing, toOperations(order, announcing.ids), { now, publish, isQueued }),
      }
    },

    /** When the row's announcements are due again, if any are outstanding. */
    dueAt: (row: OrderRow, now: Instant): Instant[] => [
      ...(row.announcing === null ? [] : [nextResendAt(row.announcing, now, host.chance)]),
      ...added.dueAt(row, now),
    ],
  }
}

export type Announcer = ReturnType<typeof createAnnouncer>

const toOperations = (order: Order, ids: readonly string[]): Outgoing[] =>
  announcementsOf(order, ids).map((event) => ({ to: 'operations', event }))

/** The row without the announcements that are acknowledged. */
export const withoutAcknowledged = (row: OrderRow, ids: readonly string[]): OrderRow => {
  const left = row.announcing?.ids.filter((id) => !ids.includes(id)) ?? []
  return { ...row, announcing: row.announcing && left.length > 0 ? { ...row.announcing, ids: left } : null }
}
