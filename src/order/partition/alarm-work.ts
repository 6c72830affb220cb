import type { Subscriber } from '../../contracts/topology.ts'
import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import { isStillQueued } from '../../messaging/backlog.ts'
import { nextListingAt, tryListing } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { afterDelay, earlySends, nextResendAt, resend } from '../../messaging/redelivery.ts'
import { isSettled, type Order } from '../order.ts'
import { outstandingLegs } from '../saga.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import type { OrderRow } from './order-store.ts'
import { outstanding, queuesOf } from './outstanding-events.ts'
import type { TokenHashes } from './token-erasure.ts'
import type { Announcer } from './webhook-announcements.ts'

/** A decision takes effect within seconds; one restart or fault costs a minute. */
const OVERDUE_MS = 600 * SECOND_MS

/** Where the bank refused for good, it is not asked every minute: a person has to mend the cause first. */
const REFUSED_RESEND_MS = 3_600 * SECOND_MS

export type AlarmWorkPorts = {
  /** Writes orders to the read model; an older version never replaces a newer one. */
  list(orders: readonly Order[]): Promise<void>
  /** When the oldest message in an inbox's backlog was sent. Undefined where the inbox has no backlog. */
  oldestWaiting(inbox: Subscriber): Promise<Instant | undefined>
}

/** What a wake-up has read before it writes anything. */
export type WakeFindings = {
  now: Instant
  oldestWaiting: OldestWaiting
  isListed: boolean
  tokenHashes: TokenHashes
}

type OldestWaiting = ReadonlyMap<Subscriber, Instant | undefined>

/** The work on rows that are due, besides deciding: list them, publish again, and find the next due time. */
export const createAlarmWork = (ports: AlarmWorkPorts & { host: PartitionHost; announcer: Announcer }) => ({
  list: async (due: readonly OrderRow[]): Promise<boolean> => {
    const orders = due.filter(isUnlisted).map((row) => row.order)
    if (orders.length === 0) return true
    return await tryListing(ports.host, {
      write: () => ports.list(orders),
      failure: 'orders could not be listed',
      about: { orders: orders.length, traceIds: traceIdsOf(orders) },
    })
  },

  oldestWaiting: async (due: readonly OrderRow[]): Promise<OldestWaiting> => {
    const queues = new Set(due.flatMap(queuesOf))
    const ages = await Promise.all(
      [...queues].map(
        async (queue) => [queue, await ports.oldestWaiting(queue).catch(() => undefined)] as const,
      ),
    )
    return new Map(ages)
  },

  /** A queue that still has the decision gets no second copy. */
  resend: (row: OrderRow, { now, oldestWaiting }: WakeFindings): OrderRow =>
    resend(row, outstanding(row.order), {
      now,
      publish: ports.host.publish,
      isQueued: ({ to }) => isStillQueued(oldestWaiting.get(to), row.sentAt, now),
      sendsWhileQueued: earlySends,
    }),

  /** Logs once that a decision does not take effect. The decision goes on being published. */
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

  nextDue: (row: OrderRow, { now, isListed }: WakeFindings): Instant | null => {
    const { order } = row
    const times = [
      ...(isUnlisted(row) ? [nextListingAt(now, { isListed })] : []),
      ...(isSettled(order) ? [] : [resendAt(row, now, ports.host.chance)]),
      ...(order.status === 'pending' ? [Math.max(order.deadlineAt, now)] : []),
      ...ports.announcer.dueAt(row, now),
    ]
    return times.length === 0 ? null : Math.min(...times)
  },
})

export type AlarmWork = ReturnType<typeof createAlarmWork>

const isUnlisted = ({ order, listedVersion }: OrderRow): boolean =>
  !isUnknownOrder(order) && order.version > listedVersion

const resendAt = (row: OrderRow, now: Instant, chance: () => number): Instant => {
  const { order, sentAt } = row
  const isRefused =
    order.payment.stuck !== undefined && outstandingLegs(order).every((leg) => leg === 'payment')
  return isRefused ? afterDelay(sentAt, REFUSED_RESEND_MS, now) : nextResendAt(row, now, chance)
}
