import { HOUR_MS, type Instant, MINUTE_MS } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import type { Counters } from '../../messaging/counters.ts'
import { type Alarm, attendAll } from '../../messaging/due-rows.ts'
import { nextListingAt, tryListing } from '../../messaging/listing.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import { nextResendAt, resend, sentOnce } from '../../messaging/redelivery.ts'
import { attempt } from '../../messaging/turn.ts'
import type { Payment } from '../payment.ts'
import { authorizationOverdue, refundedEvent, refundRequested } from '../payment-events.ts'
import { isReleasing, isWaiting, releaseAt, released } from '../release.ts'
import type { PaymentRows } from './payment-rows.ts'
import { loadDue, loadPayments, type PaymentRow, postpone } from './payment-store.ts'
import { eraseOldTokens } from './token-erasure.ts'

/** The order of a payment that is open for this long is lost or unknown: the order service has to say which. */
const OVERDUE_MS = 60 * MINUTE_MS

export type AlarmWorkPorts = {
  /** Writes payments to the read model; an older revision never replaces a newer one. */
  list(payments: readonly Payment[]): Promise<void>
}

type Ports = AlarmWorkPorts & {
  host: PartitionHost
  rows: PaymentRows
  recent: RecentRows
  counters: Counters
  alarm: Alarm
}

/**
 * Handles the rows that are due, and looks at the recent ones: lists changed payments, and sends outstanding refunds
 * again.
 */
export const createAlarmWork = ({ host, list, rows, recent, counters, alarm }: Ports) => {
  const { sql, publish } = host

  const listChanged = async (due: readonly PaymentRow[]): Promise<boolean> => {
    const payments = due.filter(isUnlisted).map((row) => row.payment)
    if (payments.length === 0) return true
    return await tryListing(host, {
      write: () => list(payments),
      failure: 'payments could not be listed',
      about: { payments: payments.length, traceIds: traceIdsOf(payments) },
    })
  }

  /** A recent row that is listed and has no more work is not written again. */
  const handleDue = (due: PaymentRow, isListed: boolean): void => {
    const now = host.now()
    const row = isWaiting(due.payment) && now >= releaseAt(due.payment) ? release(due, now) : due
    if (isWaiting(row.payment) && now >= row.payment.changedAt + OVERDUE_MS)
      publish([{ to: 'order', event: authorizationOverdue(row.payment, now) }])
    const resent = resend(row, outstanding(row.payment), { now, publish: counters.publishAgain })
    const dueAt = nextDue(resent, { now, isListed, host })
    if (resent === row && dueAt === null && row.storedDueAt === null) return
    rows.store({ ...resent, dueAt })
  }

  /** Its bank would give it up before the order is decided. The Worker that gets the event voids it, and reports. */
  const release = (row: PaymentRow, now: Instant): PaymentRow => {
    const { orderId, status, createdAt } = row.payment
    const payment = released(row.payment, now)
    publish(outstanding(payment))
    host.log('error', 'an authorization was released before its order was decided', {
      ...{ orderId, status, openHours: Math.floor((now - createdAt) / HOUR_MS) },
      traceId: traceIdOf(payment),
    })
    return { ...row, payment, ...sentOnce(now) }
  }

  const handleAllDue = (due: readonly PaymentRow[], isListed: boolean): void => {
    const isDone = attendAll(host, due, {
      idOf: ({ payment }) => payment.orderId,
      load: rows.load,
      about: ({ payment }) => ({ orderId: payment.orderId, traceId: traceIdOf(payment) }),
      attend: (row, { payment: { revision } }) => {
        const listedRevision = isListed ? Math.max(row.listedRevision, revision) : row.listedRevision
        handleDue({ ...row, listedRevision }, isListed)
      },
      postpone: ({ payment }, until) => postpone(sql, payment.orderId, until),
    })
    if (isDone) recent.endLook()
    alarm.endWakeUp({ isDone })
  }

  return async (): Promise<void> => {
    const now = host.now()
    const looked = loadPayments(sql, recent.beginLook(now))
    const due = [...loadDue(sql, now, DUE_ROWS_MAX), ...looked.values()]
    const isListed = await listChanged(due)
    attempt(host, {}, () => eraseOldTokens(sql))
    host.turn(() => handleAllDue(due, isListed))
  }
}

const nextDue = (
  row: PaymentRow,
  { now, isListed, host }: { now: Instant; isListed: boolean; host: PartitionHost },
): Instant | null => {
  const isOutstanding = outstanding(row.payment).length > 0
  const times = [
    ...(isUnlisted(row) ? [nextListingAt(now, { isListed })] : []),
    // No client waits for a refund: the delay counts from this look.
    ...(isOutstanding ? [nextResendAt({ ...row, sentAt: now }, now, host.chance)] : []),
    ...(isWaiting(row.payment) ? [Math.min(now + OVERDUE_MS, releaseAt(row.payment))] : []),
  ]
  return times.length === 0 ? null : Math.min(...times)
}

const isUnlisted = ({ payment, listedRevision }: PaymentRow): boolean => payment.revision > listedRevision

/**
 * Events that no order asks for: the void of a released authorization, refunds that are to be made, and refunds made that
 * are not acknowledged yet.
 */
export const outstanding = (payment: Payment): Outgoing[] => [
  ...(isReleasing(payment)
    ? [{ to: 'payment' as const, event: authorizationOverdue(payment, payment.changedAt) }]
    : []),
  ...outstandingRefunds(payment),
]

const outstandingRefunds = (payment: Payment): Outgoing[] =>
  payment.refunds.flatMap((refund): Outgoing[] => {
    if (refund.state === 'pending') return [{ to: 'payment', event: refundRequested(payment, refund) }]
    if (refund.state === 'failed' || refund.isNoted) return []
    return [{ to: 'order', event: refundedEvent(payment, refund) }]
  })
