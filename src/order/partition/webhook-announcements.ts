import { ANNOUNCED } from '../../contracts/webhook-types.ts'
import type { Instant } from '../../kernel/instant.ts'
import { resendDelayMs } from '../../messaging/back-off.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Order } from '../order.ts'
import { announcementsOf, announcementsSince } from '../order-events.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { loadWanted, type OrderRow, storeWanted } from './order-store.ts'
import { isHeld } from './outstanding-events.ts'

/** What webhooks want by now. Of two, the one with the higher revision holds. */
export type Wanted = { revision: number; types: readonly string[] }

/**
 * Tells the operations service what webhooks want to hear of orders. Each announcement is a debt of the order's row,
 * apart from its other debts: an order settles whether or not anybody takes it.
 * A partition that was never told what is wanted announces everything, and is told.
 */
export const createAnnouncer = (host: PartitionHost) => {
  const known = { wanted: loadWanted(host.sql) }
  const wantedTypes = (): ReadonlySet<string> => new Set(known.wanted?.types ?? ANNOUNCED)
  const publish = (order: Order, ids: readonly string[]) =>
    host.publish(announcementsOf(order, ids).map((event): Outgoing => ({ to: 'operations', event })))

  return {
    want: (wanted: Wanted): void => {
      if (wanted.revision <= (known.wanted?.revision ?? -1)) return
      storeWanted(host.sql, wanted)
      host.afterTurn(() => {
        known.wanted = wanted
      })
    },

    /** The row owes what is news and wanted; published at once. */
    announced: (before: OrderRow, row: OrderRow, now: Instant): OrderRow => {
      const ids = isUnknownOrder(row.order) ? [] : announcementsSince(before.order, row.order, wantedTypes())
      if (ids.length === 0) return row
      publish(row.order, ids)
      const owed = [...(row.announcing?.ids ?? []), ...ids]
      return { ...row, announcing: { ids: owed, sends: 1, sentAt: now } }
    },

    /** Published again where it is due and not held by the inbox. */
    announcedAgain: (row: OrderRow, oldestWaiting: Instant | undefined, now: Instant): OrderRow => {
      const { announcing } = row
      if (announcing === null || now < announcing.sentAt + resendDelayMs(announcing.sends, () => 0))
        return row
      const sends = announcing.sends + 1
      if (isHeld(oldestWaiting, announcing.sentAt, now)) {
        return { ...row, announcing: { ...announcing, sends } }
      }
      publish(row.order, announcing.ids)
      return { ...row, announcing: { ...announcing, sends, sentAt: now } }
    },

    /** When the row's announcements are to be looked at again, if it owes any. */
    dueAt: ({ announcing }: OrderRow, now: Instant): Instant[] => {
      if (announcing === null) return []
      const delay = resendDelayMs(announcing.sends, host.chance)
      const resendAt = announcing.sentAt + delay
      return [resendAt > now ? resendAt : now + delay]
    },
  }
}

export type Announcer = ReturnType<typeof createAnnouncer>

/** The row without the announcements that were noted. */
export const withoutNoted = (row: OrderRow, ids: readonly string[]): OrderRow => {
  const left = row.announcing?.ids.filter((id) => !ids.includes(id)) ?? []
  return { ...row, announcing: row.announcing && left.length > 0 ? { ...row.announcing, ids: left } : null }
}
