import { fromTimestamp, type Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { awaitsLook } from '../../messaging/recent-rows.ts'
import { createRowDepartures, type ListKey, type RowDepartures } from '../../messaging/row-departures.ts'
import { type ReportedPayment, toReport } from '../payment-events.ts'
import { type BriefCause, whenEvent } from '../policy.ts'
import { isWaiting } from '../release.ts'
import { begin } from '../steps.ts'
import { outstanding } from './alarm-work.ts'
import { addToDepartedSums } from './departed-sums.ts'
import type { PaymentRows } from './payment-rows.ts'
import { deletePayments, type PaymentRow } from './payment-store.ts'

/** The key of a payment's row in the list: client, time and order id. */
export type ListedPaymentKey = readonly [client: string, createdAt: Instant, orderId: string]

export type DepartedPaymentsPorts = {
  /** Takes payments off the list. */
  unlist(keys: readonly ListedPaymentKey[]): Promise<void>
}

type Ports = DepartedPaymentsPorts & { host: PartitionHost; rows: PaymentRows }

/** Payments leave after their orders: never with a call of the bank, a refund or an event under way. */
export const createDepartedPayments = ({ host, rows, unlist }: Ports) => {
  const { sql } = host
  const departures = createRowDepartures<PaymentRow>({
    host,
    load: rows.load,
    mayLeave: (row, before) => mayLeave(row, before, host.now()) && !awaitsLook(host, row.payment.orderId),
    listKeysOf,
    remove: (leaving) => {
      const payments = leaving.map(({ payment }) => payment)
      addToDepartedSums(sql, payments)
      deletePayments(
        sql,
        payments.map(({ orderId }) => orderId),
      )
    },
    unlist: (keys) => unlist(keys as readonly ListedPaymentKey[]),
  })

  /** A tombstone that is not stored: an `OrderPlaced` of that time never begins a payment again. */
  const releasedUnstored = (event: BriefCause): ReportedPayment | null => {
    const now = host.now()
    const payment = isRelease(event) ? whenEvent(undefined, event, now) : undefined
    return payment === undefined ? null : toReport(begin(payment, now).payment)
  }

  return {
    ...departures,

    /**
     * The events that are about a payment which has left, by their positions. They change nothing. A release is reported,
     * so that an order settles even if its payment never heard of it before.
     */
    lateAmong: (events: readonly BriefCause[]): Map<number, ReportedPayment | null> => {
      const late = [...events.entries()].filter(([, event]) => isLate(departures, event))
      if (late.length === 0) return new Map()
      const known = rows.load(late.map(([, event]) => event.data.orderId))
      return new Map(
        late
          .filter(([, event]) => !known.has(event.data.orderId))
          .map(([position, event]) => [position, releasedUnstored(event)]),
      )
    },
  }
}

export type DepartedPayments = ReturnType<typeof createDepartedPayments>

const isLate = (departures: RowDepartures, { time }: BriefCause): boolean =>
  departures.isLate(time === undefined ? undefined : fromTimestamp(time))

const isRelease = ({ type }: BriefCause): boolean => type === 'OrderRejected' || type === 'OrderCancelled'

/**
 * A row that the list does not have is due, or awaits its look. A payment that the bank refuses to give back stays until a
 * person has acted.
 */
const mayLeave = ({ payment, dueAt }: PaymentRow, before: Instant, now: Instant): boolean =>
  dueAt === null &&
  payment.changedAt < before &&
  !isWaiting(payment) &&
  outstanding(payment).length === 0 &&
  begin(payment, now).directive.kind === 'rest'

const listKeysOf = ({ payment: { client, createdAt, orderId } }: PaymentRow): ListKey[] =>
  client === null ? [] : [[client, createdAt, orderId]]
