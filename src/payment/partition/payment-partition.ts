import { actsForAll, type Caller, mayActFor } from '../../contracts/caller.ts'
import { type Instant, MINUTE_MS } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import { type Alarm, attendAll, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import { LISTING_DELAY_MS, nextListingAt, tryListing } from '../../messaging/listing.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import { earlySends, nextResendAt, resend, sentOnce } from '../../messaging/redelivery.ts'
import { migrate } from '../../messaging/schema.ts'
import { SWEEP_PAUSE_MS, sweptUpTo } from '../../messaging/sweep.ts'
import { attempt } from '../../messaging/turn.ts'
import type { BankAnswer, BankLookup } from '../bank.ts'
import type { Payment, Refund } from '../payment.ts'
import { authorizationOverdue, refundedEvent, refundRequested } from '../payment-events.ts'
import { type PaymentView, viewPayment } from '../payment-view.ts'
import { type PaymentCause, whenEvent } from '../policy.ts'
import { type Asked, begin, type Directive, recordAnswer, recordLookup } from '../steps.ts'
import {
  earliestDue,
  loadDue,
  loadPayments,
  PAYMENT_TABLES,
  type PaymentRow,
  storePayment,
} from './payment-store.ts'
import { createRefunding, type RefundAnswer, type RefundRequest } from './refund-request.ts'
import { eraseOldTokens } from './token-erasure.ts'

/** A payment that is open this long is one whose order nobody knows, or was lost on the way: somebody has to say. */
const OVERDUE_MS = 60 * MINUTE_MS

/** What a worker with a way to the bank has to do, and the payment as it stands. */
export type Turn = {
  directive: Directive | { kind: 'unknown' } | { kind: 'failed'; error: string }
  payment: Payment | null
}

export type BankReport = { orderId: string } & Asked & ({ answer: BankAnswer } | { lookup: BankLookup })

/** What a payment partition needs beyond its host. */
export type PaymentPorts = {
  host: PartitionHost
  /** Writes payments to the read model; an older revision never replaces a newer one. */
  list(payments: readonly Payment[]): Promise<void>
  /** For each client. */
  keysAnHourMax?: number
}

/**
 * The payments of many orders. It never calls the bank: it says what to call (`begin`), stored before it is said,
 * and takes in what came of it (`record`). Each method that changes something is one turn, so one transaction; each
 * payment of a batch has one of its own inside it.
 */
export class PaymentPartition {
  readonly #ports: PaymentPorts
  readonly #host: PartitionHost
  readonly #refunding: ReturnType<typeof createRefunding>
  readonly #alarm: Alarm

  constructor(ports: PaymentPorts) {
    this.#ports = ports
    this.#host = ports.host
    this.#refunding = createRefunding({
      host: ports.host,
      keys: createHourlyAllowance(ports.host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX),
      store: (row, now) => this.#store(row, now),
    })
    this.#alarm = createAlarm({
      host: ports.host,
      keyExpiry: createKeyExpiry(ports.host),
      dueTimes: () => [earliestDue(ports.host.sql), this.#sweepAt()],
    })
    ports.host.turn(() => {
      migrate(ports.host.sql, PAYMENT_TABLES)
      this.wakeForDue()
    })
  }

  /** Takes events in their order; what is to be done for each. */
  begin(events: readonly PaymentCause[]): Turn[] {
    const now = this.#host.now()
    return this.#turns(
      events.map((event) => event.data.orderId),
      (position, payment) => {
        const event = events[position]
        return event && whenEvent(payment, event, now)
      },
    )
  }

  /** Takes in what the bank said; what is to be done next for each. */
  record(reports: readonly BankReport[]): Turn[] {
    const now = this.#host.now()
    return this.#turns(
      reports.map((report) => report.orderId),
      (position, payment) => {
        const report = reports[position]
        if (report === undefined || payment === undefined) return payment
        return 'answer' in report
          ? recordAnswer(payment, report, report.answer, now)
          : recordLookup(payment, report, report.lookup, now)
      },
    )
  }

  requestRefund(wanted: RefundRequest): RefundAnswer {
    return this.#host.turn(() => this.#refunding(wanted))
  }

  get(orderId: string, caller: Caller): PaymentView | undefined {
    const payment = loadPayments(this.#host.sql, [orderId]).get(orderId)?.payment
    if (payment === undefined || !mayActFor(caller, payment.client)) return undefined
    return {
      ...viewPayment(payment),
      ...(actsForAll(caller) && payment.client !== null && { client: payment.client }),
    }
  }

  /**
   * Whether what the bank did for it is not the caller's to see. A payment without an owner, begun by an event on an
   * inbox, is for those who act for all clients.
   */
  isForeign(orderId: string, caller: Caller): boolean {
    const owner = loadPayments(this.#host.sql, [orderId]).get(orderId)?.payment.client
    return !actsForAll(caller) && owner !== caller.client
  }

  /** The order service has these refunds: they are sent no more. */
  acknowledge(orderId: string, factIds: readonly string[]): void {
    this.#host.turn(() => this.#acknowledge(orderId, factIds))
  }

  #acknowledge(orderId: string, factIds: readonly string[]): void {
    const row = loadPayments(this.#host.sql, [orderId]).get(orderId)
    if (row === undefined) return
    const isNoted = (refund: Refund) => factIds.includes(refundedEvent(row.payment, refund).id)
    const refunds = row.payment.refunds.map((refund) =>
      isNoted(refund) ? { ...refund, isNoted: true } : refund,
    )
    const payment = { ...row.payment, refunds }
    this.#store({ ...row, payment, sends: earlySends(row.sends) }, this.#host.now())
  }

  /** Does what is due: lists what changed, and sends outstanding refunds again. */
  async wake(): Promise<void> {
    const { sql } = this.#host
    const due = loadDue(sql, this.#host.now(), DUE_ROWS_MAX)
    const isListed = await this.#list(due)
    attempt(this.#host, {}, () => eraseOldTokens(sql))
    this.#host.turn(() => this.#handleAllDue(due, isListed))
  }

  #handleAllDue(due: readonly PaymentRow[], isListed: boolean): void {
    const isDone = attendAll(this.#host, due, {
      idOf: ({ payment }) => payment.orderId,
      load: (orderIds) => loadPayments(this.#host.sql, orderIds),
      about: ({ payment }) => ({ orderId: payment.orderId, traceId: traceIdOf(payment) }),
      attend: (row, { payment: { revision } }) => {
        const listedRevision = isListed ? Math.max(row.listedRevision, revision) : row.listedRevision
        this.#handleDue({ ...row, listedRevision }, isListed)
      },
    })
    this.#alarm.endWakeUp({ isDone })
  }

  #handleDue(row: PaymentRow, isListed: boolean): void {
    const now = this.#host.now()
    if (isOpen(row.payment) && now >= row.payment.changedAt + OVERDUE_MS) {
      this.#host.publish([{ to: 'order', event: authorizationOverdue(row.payment, now) }])
    }
    const { publish } = this.#host
    const resent = resend(row, outstanding(row.payment), { now, publish })
    storePayment(this.#host.sql, { ...resent, dueAt: this.#nextDue(resent, now, isListed) })
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  #sweepAt(): Instant | undefined {
    return sweptUpTo(this.#host.sql, 'tokens') === undefined ? undefined : this.#host.now() + SWEEP_PAUSE_MS
  }

  /**
   * Applies `change` to each payment and takes the next step, one payment after the other. What came for a payment
   * that cannot be stored is refused alone, and nothing of it is begun.
   */
  #turns(
    orderIds: readonly string[],
    change: (position: number, payment: Payment | undefined) => Payment | undefined,
  ): Turn[] {
    return this.#host.turn(() => {
      const positions = Map.groupBy(orderIds.keys(), (position) => orderIds[position] ?? '')
      const stored = loadPayments(this.#host.sql, [...positions.keys()])
      const turns: Turn[] = []
      for (const [orderId, own] of positions) {
        const about = { orderId, traceId: traceIdOf(stored.get(orderId)?.payment) }
        const taken = attempt(this.#host, about, () => this.#take(stored.get(orderId), own, change))
        own.forEach((position, nth) => {
          turns[position] = (taken.ok ? taken.value[nth] : failed(taken.reason)) ?? UNKNOWN
        })
      }
      return turns
    })
  }

  /** All that came for one payment at the same time: its row is written once. */
  #take(
    row: PaymentRow | undefined,
    positions: readonly number[],
    change: (position: number, payment: Payment | undefined) => Payment | undefined,
  ): Turn[] {
    const now = this.#host.now()
    let payment = row?.payment
    const turns = positions.map((position): Turn => {
      const changed = change(position, payment)
      if (changed === undefined) return UNKNOWN
      const begun = begin(changed, now)
      payment = begun.payment
      return begun
    })
    if (payment === undefined || payment === row?.payment) return turns
    const hasNewRefunds = row?.payment.refunds !== payment.refunds
    const sent = hasNewRefunds ? sentOnce(now) : { sends: row.sends, sentAt: row.sentAt }
    this.#store({ dueAt: null, listedRevision: 0, ...row, ...sent, payment }, now)
    return turns
  }

  /** A payment that changed is due for listing, or was due before that. */
  #store(row: PaymentRow, now: Instant): void {
    const dueAt = Math.min(row.dueAt ?? Number.POSITIVE_INFINITY, now + LISTING_DELAY_MS)
    this.#host.wakeBy(dueAt)
    storePayment(this.#host.sql, { ...row, dueAt })
  }

  async #list(due: readonly PaymentRow[]): Promise<boolean> {
    const payments = due.filter(isUnlisted).map((row) => row.payment)
    if (payments.length === 0) return true
    return await tryListing(this.#host, {
      write: () => this.#ports.list(payments),
      failure: 'payments could not be listed',
      about: { payments: payments.length, traceIds: traceIdsOf(payments) },
    })
  }

  #nextDue(row: PaymentRow, now: Instant, isListed: boolean): Instant | null {
    const isOutstanding = outstanding(row.payment).length > 0
    const times = [
      ...(isUnlisted(row) ? [nextListingAt(now, { isListed })] : []),
      // No client waits for a refund: the delay counts from this look.
      ...(isOutstanding ? [nextResendAt({ ...row, sentAt: now }, now, this.#host.chance)] : []),
      ...(isOpen(row.payment) ? [now + OVERDUE_MS] : []),
    ]
    return times.length === 0 ? null : Math.min(...times)
  }
}

const UNKNOWN: Turn = { directive: { kind: 'unknown' }, payment: null }

const failed = (error: string): Turn => ({ directive: { kind: 'failed', error }, payment: null })

/** Begun, and no order has said since how it is to end. */
const isOpen = ({ goal, status }: Payment): boolean =>
  goal === 'authorize' && (status === 'pending' || status === 'authorized')

const isUnlisted = ({ payment, listedRevision }: PaymentRow): boolean => payment.revision > listedRevision

/** Events that no order asks for: refunds that are to be made, and refunds made that are not acknowledged yet. */
const outstanding = (payment: Payment): Outgoing[] =>
  payment.refunds.flatMap((refund): Outgoing[] => {
    if (refund.state === 'pending') return [{ to: 'payment', event: refundRequested(payment, refund) }]
    if (refund.state === 'failed' || refund.isNoted) return []
    return [{ to: 'order', event: refundedEvent(payment, refund) }]
  })
