import type { Subscriber } from '../../contracts/topology.ts'
import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import { briskSends, resendDelayMs } from '../../messaging/back-off.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { isSettled, type Order } from '../order.ts'
import { outstandingLegs } from '../saga.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import type { OrderRow } from './order-store.ts'
import { inboxesOf, isHeld, outstanding } from './outstanding-events.ts'
import type { TokenHashes } from './token-erasure.ts'
import type { Announcer } from './webhook-announcements.ts'

/** An order is listed this long after it changed: most are settled by then, and are listed once. */
export const LISTING_DELAY_MS = SECOND_MS
/** How long the read model is left alone after it failed. */
const LISTING_RETRY_MS = 5 * SECOND_MS

/** A decision takes effect within seconds; one restart or fault costs a minute. */
const OVERDUE_MS = 600 * SECOND_MS

/** What the bank refused for good it is not asked every minute: a person has to mend it first. */
const REFUSED_RESEND_MS = 3_600 * SECOND_MS

export type UpkeepPorts = {
  /** Writes orders to the read model; an older version never replaces a newer one. */
  list(orders: readonly Order[]): Promise<void>
  /** When the oldest message of an inbox's backlog was sent; none where it has no backlog. */
  oldestWaiting(inbox: Subscriber): Promise<Instant | undefined>
}

/** What a wake-up found out before it wrote anything. */
export type Visit = {
  now: Instant
  oldestWaiting: OldestWaiting
  isListed: boolean
  tokenHashes: TokenHashes
}

type OldestWaiting = ReadonlyMap<Subscriber, Instant | undefined>

/** What is done for rows that are due, beside deciding: listing them, publishing again, and when to look again. */
export const createUpkeep = (ports: UpkeepPorts & { host: PartitionHost; announcer: Announcer }) => ({
  list: async (due: readonly OrderRow[]): Promise<boolean> => {
    const changed = due.filter((row) => !isUnknownOrder(row.order) && row.order.version > row.listedVersion)
    if (changed.length === 0) return true
    try {
      await ports.list(changed.map((row) => row.order))
      return true
    } catch (error) {
      ports.host.log('warn', 'orders could not be listed', {
        orders: changed.length,
        traceIds: traceIdsOf(changed.map((row) => row.order)),
        error: String(error),
      })
      return false
    }
  },

  oldestWaiting: async (due: readonly OrderRow[]): Promise<OldestWaiting> => {
    const inboxes = new Set(due.flatMap(inboxesOf))
    const ages = await Promise.all(
      [...inboxes].map(
        async (inbox) => [inbox, await ports.oldestWaiting(inbox).catch(() => undefined)] as const,
      ),
    )
    return new Map(ages)
  },

  /** Publishes again what is outstanding, where it is due and not held by an inbox. */
  resend: (row: OrderRow, { now, oldestWaiting }: Visit): OrderRow => {
    const isDue = now >= row.sentAt + resendDelayMs(row.sends, () => 0)
    if (!isDue || outstandingLegs(row.order).length === 0) return row
    const lost = outstanding(row.order).filter(({ to }) => !isHeld(oldestWaiting.get(to), row.sentAt, now))
    if (lost.length === 0) return { ...row, sends: briskSends(row.sends + 1) }
    ports.host.publish(lost)
    return { ...row, sends: row.sends + 1, sentAt: now }
  },

  /** A decision that does not take effect is told, once; it goes on being published. */
  findsOverdue: ({ order }: OrderRow, now: Instant): boolean => {
    const isOverdue = order.status !== 'pending' && now >= order.decidedAt + OVERDUE_MS
    if (!isOverdue || isSettled(order) || order.overdueSince !== undefined) return false
    ports.host.log('error', 'an order is stuck', {
      orderId: order.orderId,
      traceId: traceIdOf(order),
      status: order.status,
      waitingFor: outstandingLegs(order),
    })
    return true
  },

  nextDue: (row: OrderRow, { now, isListed }: Visit): Instant | null => {
    const { order } = row
    const isUnlisted = !isUnknownOrder(order) && order.version > row.listedVersion
    const times = [
      ...(isUnlisted ? [now + (isListed ? LISTING_DELAY_MS : LISTING_RETRY_MS)] : []),
      ...(isSettled(order) ? [] : [resendAt(row, now, ports.host.chance)]),
      ...(order.status === 'pending' ? [Math.max(order.deadlineAt, now)] : []),
      ...ports.announcer.dueAt(row, now),
    ]
    return times.length === 0 ? null : Math.min(...times)
  },
})

export type Upkeep = ReturnType<typeof createUpkeep>

const resendAt = ({ order, sends, sentAt }: OrderRow, now: Instant, chance: () => number): Instant => {
  const isRefused =
    order.payment.stuck !== undefined && outstandingLegs(order).every((leg) => leg === 'payment')
  const delay = isRefused ? REFUSED_RESEND_MS : resendDelayMs(sends, chance)
  return sentAt + delay > now ? sentAt + delay : now + delay
}
