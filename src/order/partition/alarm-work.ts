import type { Subscriber } from '../../contracts/topology.ts'
import { type Instant, SECOND_MS, secondsSince } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import { isStillQueued } from '../../messaging/backlog.ts'
import type { Counters } from '../../messaging/counters.ts'
import { type Alarm, attendAll } from '../../messaging/due-rows.ts'
import { nextListingAt, tryListing } from '../../messaging/listing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import { afterDelay, earlySends, nextResendAt, resend } from '../../messaging/redelivery.ts'
import { isSettled, type Order, OVERDUE_MS } from '../order.ts'
import { outstandingLegs } from '../saga.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import type { HeldReports } from './held-reports.ts'
import type { ApplyFact } from './order-changes.ts'
import { loadDue, loadOrders, type OrderRow, postpone } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'
import { outstanding, queuesOf } from './outstanding-events.ts'
import type { TokenErasure, TokenHashes } from './token-erasure.ts'
import type { Announcer } from './webhook-announcements.ts'

/** Where the bank refused for good, it is not asked every minute: a person has to mend the cause first. */
const REFUSED_RESEND_MS = 3_600 * SECOND_MS

export type AlarmWorkPorts = {
  /** Writes orders to the read model; an older version never replaces a newer one. */
  list(orders: readonly Order[]): Promise<void>
  /** When the oldest message in an inbox's backlog was sent. Undefined where the inbox has no backlog. */
  oldestWaiting(inbox: Subscriber): Promise<Instant | undefined>
}

type Ports = AlarmWorkPorts & {
  host: PartitionHost
  writes: OrderWrites
  announcer: Announcer
  tokens: TokenErasure
  applyFact: ApplyFact
  heldReports: HeldReports
  recent: RecentRows
  counters: Counters
  alarm: Alarm
}

/** What a wake-up has read before it writes anything. */
type WakeFindings = {
  now: Instant
  oldestWaiting: OldestWaiting
  isListed: boolean
  tokenHashes: TokenHashes
}

type OldestWaiting = ReadonlyMap<Subscriber, Instant | undefined>

/**
 * Handles the rows that are due, and looks at the recent ones: lists changed orders, rejects late ones, publishes
 * outstanding events again.
 */
export const createAlarmWork = (ports: Ports) => {
  const { host, writes, announcer, tokens, applyFact, heldReports, recent, counters, alarm } = ports

  /** The row after all that is due, except for its own due time. */
  const afterDueWork = (row: OrderRow, at: WakeFindings): OrderRow => {
    const reported = heldReports.applyTo(row, at.now, applyFact)
    const isLate = reported.order.status === 'pending' && at.now >= reported.order.deadlineAt
    const fact = isLate ? 'DeadlinePassed' : findsOverdue(reported, at.now, host) && 'EffectOverdue'
    const decided = fact ? applyFact(reported, { type: fact }, at.now) : reported
    const resent = isLate ? decided : resendDecision(decided, at, counters.publishAgain)
    const announced = announcer.announceAgain(resent, at.oldestWaiting, at.now)
    return tokens.eraseUsed(announced, at.tokenHashes)
  }

  /** A recent row that is settled and listed has no more work, so it is not written again. */
  const handle = (
    row: OrderRow,
    { isListed, version }: { isListed: boolean; version: number },
    at: WakeFindings,
  ) => {
    const worked = afterDueWork(row, at)
    const listedVersion = isListed ? Math.max(row.listedVersion, version) : row.listedVersion
    const dueAt = nextDue({ ...worked, listedVersion }, at, { host, announcer })
    if (worked === row && dueAt === null && row.storedDueAt === null) return
    writes.update({ ...worked, listedVersion, dueAt })
  }

  const handleAll = (rows: readonly OrderRow[], at: WakeFindings): void => {
    const isDone = attendAll(host, rows, {
      idOf: ({ order }) => order.orderId,
      load: (orderIds) => loadOrders(host.sql, orderIds),
      about: ({ order }) => ({ orderId: order.orderId, traceId: traceIdOf(order) }),
      attend: (row, { order: { version } }) => handle(row, { isListed: at.isListed, version }, at),
      postpone: ({ order }, until) => postpone(host.sql, order.orderId, until),
    })
    if (isDone) recent.endLook()
    alarm.endWakeUp({ isDone })
  }

  return async (): Promise<void> => {
    const now = host.now()
    const looked = loadOrders(host.sql, recent.beginLook(now))
    const rows = [...loadDue(host.sql, now, DUE_ROWS_MAX), ...looked.values()]
    const isListed = await listChanged(rows, ports)
    const oldestWaiting = await oldestWaitingIn(rows, ports)
    for (const [inbox, at] of oldestWaiting) counters.minutes.peak(inbox, secondsSince(at, now))
    const tokenHashes = await tokens.hash(rows)
    await tokens.sweep()
    host.turn(() => handleAll(rows, { now: host.now(), oldestWaiting, isListed, tokenHashes }))
  }
}

const listChanged = async (due: readonly OrderRow[], { host, list }: Ports): Promise<boolean> => {
  const orders = due.filter(isUnlisted).map((row) => row.order)
  if (orders.length === 0) return true
  return await tryListing(host, {
    write: () => list(orders),
    failure: 'orders could not be listed',
    about: { orders: orders.length, traceIds: traceIdsOf(orders) },
  })
}

/** A queue is asked only where an order waits for it. */
const oldestWaitingIn = async (due: readonly OrderRow[], ports: AlarmWorkPorts): Promise<OldestWaiting> => {
  const queues = new Set(due.flatMap(queuesOf))
  const ages = await Promise.all(
    [...queues].map(
      async (queue) => [queue, await ports.oldestWaiting(queue).catch(() => undefined)] as const,
    ),
  )
  return new Map(ages)
}

/** A queue that still has the decision gets no second copy. */
const resendDecision = (
  row: OrderRow,
  { now, oldestWaiting }: WakeFindings,
  publish: PartitionHost['publish'],
): OrderRow =>
  resend(row, outstanding(row.order), {
    now,
    publish,
    isQueued: ({ to }) => isStillQueued(oldestWaiting.get(to), row.sentAt, now),
    sendsWhileQueued: earlySends,
  })

/** Logs once that a decision does not take effect. The decision goes on being published. */
const findsOverdue = ({ order }: OrderRow, now: Instant, { log }: PartitionHost): boolean => {
  const isOverdue = order.status !== 'pending' && now >= order.decidedAt + OVERDUE_MS
  if (!isOverdue || isSettled(order) || order.overdueSince !== undefined) return false
  log('error', 'an order is stuck', {
    orderId: order.orderId,
    traceId: traceIdOf(order),
    status: order.status,
    waitingFor: outstandingLegs(order),
  })
  return true
}

const nextDue = (
  row: OrderRow,
  { now, isListed }: WakeFindings,
  { host, announcer }: { host: PartitionHost; announcer: Announcer },
): Instant | null => {
  const { order } = row
  const times = [
    ...(isUnlisted(row) ? [nextListingAt(now, { isListed })] : []),
    ...(isSettled(order) ? [] : [resendAt(row, now, host.chance)]),
    ...(order.status === 'pending' ? [Math.max(order.deadlineAt, now)] : []),
    ...announcer.dueAt(row, now),
  ]
  return times.length === 0 ? null : Math.min(...times)
}

const isUnlisted = ({ order, listedVersion }: OrderRow): boolean =>
  !isUnknownOrder(order) && order.version > listedVersion

const resendAt = (row: OrderRow, now: Instant, chance: () => number): Instant => {
  const { order, sentAt } = row
  const isRefused =
    order.payment.stuck !== undefined && outstandingLegs(order).every((leg) => leg === 'payment')
  return isRefused ? afterDelay(sentAt, REFUSED_RESEND_MS, now) : nextResendAt(row, now, chance)
}
