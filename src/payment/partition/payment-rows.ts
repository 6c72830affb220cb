import type { Instant } from '../../kernel/instant.ts'
import { listingAt } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import type { Payment } from '../payment.ts'
import { loadPayments, type PaymentRow, storePayment } from './payment-store.ts'

/** Payments whose authorization is held: some 10 MB. Beyond them each is stored at once. */
const HELD_MAX = 10_000

/**
 * The rows of a partition's payments, with the authorizations that are held in memory. A held authorization takes
 * effect, and is shown, when it is stored: with the next step, or at the look, two to three seconds after the order was
 * placed. Where the partition stops before, the stored row still says that an authorization is under way, and the bank
 * is asked again under the same key.
 */
export const createPaymentRows = (host: PartitionHost, recent: RecentRows) => {
  const { sql } = host
  const held = new Map<string, Payment>()

  const withHeld = (row: PaymentRow): PaymentRow => {
    const payment = held.get(row.payment.orderId)
    return payment === undefined ? row : { ...row, payment }
  }

  const store = (row: PaymentRow): void => {
    const { orderId } = row.payment
    storePayment(sql, row)
    if (held.has(orderId)) host.afterTurn(() => held.delete(orderId))
  }

  /** A payment that has changed is due for listing, unless it is due earlier or a look will find it. */
  const dueAfterChange = ({ payment, dueAt }: PaymentRow, now: Instant): Instant | null => {
    if (dueAt === null && recent.covers(payment.orderId)) return null
    const at = Math.min(dueAt ?? Number.POSITIVE_INFINITY, listingAt(now))
    host.wakeBy(at)
    return at
  }

  return {
    /** As the partition has them: a held authorization counts. What callers see is read from the store alone. */
    load: (orderIds: readonly string[]): Map<string, PaymentRow> =>
      new Map(Array.from(loadPayments(sql, orderIds), ([orderId, row]) => [orderId, withHeld(row)])),

    /** In a turn: stores a row with its own due time. Its payment is held no more. */
    store,

    /** In a turn: the same for a payment that has changed. */
    storeChanged: (row: PaymentRow, now: Instant): void => store({ ...row, dueAt: dueAfterChange(row, now) }),

    /** In a turn: whether the changed payment is held, and nothing is to be stored for it now. */
    hold: (row: PaymentRow | undefined, changed: Payment): boolean => {
      const { orderId } = changed
      if (row === undefined || row.dueAt !== null || held.size >= HELD_MAX) return false
      if (!isJustAuthorized(row.payment, changed) || !recent.covers(orderId)) return false
      host.afterTurn(() => held.set(orderId, changed))
      return true
    },
  }
}

export type PaymentRows = ReturnType<typeof createPaymentRows>

/** The authorization that was under way has succeeded, and nothing follows from it before the order is decided. */
const isJustAuthorized = ({ step }: Payment, { status, goal }: Payment): boolean =>
  step?.operation === 'authorize' && status === 'authorized' && goal === 'authorize'
