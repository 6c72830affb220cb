import type { PaymentBook } from '../../contracts/books.ts'
import { actsForAll, type Caller, mayActFor } from '../../contracts/caller.ts'
import type { Sample } from '../../contracts/metrics.ts'
import type { Instant } from '../../kernel/instant.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { type Counters, createCounters } from '../../messaging/counters.ts'
import { type Alarm, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { createRecentRows } from '../../messaging/recent-rows.ts'
import { earlySends, sentOnce } from '../../messaging/redelivery.ts'
import type { Departure } from '../../messaging/row-departures.ts'
import { migrate } from '../../messaging/schema.ts'
import { SWEEP_PAUSE_MS, sweptUpTo } from '../../messaging/sweep.ts'
import { attempt } from '../../messaging/turn.ts'
import type { BankRecord } from '../bank.ts'
import { type BankNews, type NewsQuestion, whenNews } from '../bank-news.ts'
import type { Payment, Refund } from '../payment.ts'
import { type AuditedPayment, toAuditedPayment, toPaymentBook } from '../payment-book.ts'
import { type ReportedPayment, refundedEvent, toReport } from '../payment-events.ts'
import { type PaymentView, viewPayment } from '../payment-view.ts'
import { type BriefCause, whenEvent } from '../policy.ts'
import type { RefundObjection } from '../refunds.ts'
import { type Asked, begin, type Directive, questionAbout, recordLookup, recordResult } from '../steps.ts'
import { type AlarmWorkPorts, createAlarmWork } from './alarm-work.ts'
import { createBankOutage } from './bank-outage.ts'
import {
  createDepartedPayments,
  type DepartedPayments,
  type DepartedPaymentsPorts,
} from './departed-payments.ts'
import { hasNews, storeNews } from './news-store.ts'
import { countBankCall, type MeasuredBank, type MeasuredCall, measurePayments } from './payment-metrics.ts'
import { createPaymentRows, type PaymentRows } from './payment-rows.ts'
import {
  earliestDue,
  loadPayments,
  loadPaymentsAfter,
  PAYMENT_TABLES,
  type PaymentRow,
} from './payment-store.ts'
import { createRefundRequests, type RefundReply, type RefundRequest } from './refund-request.ts'

/** What the Worker has to do next. Where that is nothing: the payment, to be reported. */
export type StepReply = {
  directive: Directive | { kind: 'unknown' } | { kind: 'failed'; error: string }
  payment: ReportedPayment | null
}

/** No step follows, so the Worker reports. */
export const isAtRest = ({ kind }: StepReply['directive']): boolean => kind === 'rest' || kind === 'stuck'

export type BankReport = { orderId: string } & Asked & MeasuredCall

/** What a payment partition needs beyond its host. */
export type PaymentPorts = AlarmWorkPorts &
  DepartedPaymentsPorts & {
    host: PartitionHost
    /** The bank's name in `PAYMENT_GATEWAY`: for the metrics alone. */
    bankName: string
    /** For each client: idempotency keys of refunds. */
    keysAnHourMax?: number
    /** Why the bank cannot refund an amount. */
    refundObjection?: RefundObjection | undefined
  }

/**
 * The payments of many orders. The partition never calls the bank. `begin` stores a step and returns the call to make;
 * `record` stores its result, or holds it in memory until the next step. A method that changes something is one turn, so
 * one transaction. Each payment of a batch has a transaction of its own inside the turn.
 */
export class PaymentPartition {
  readonly #host: PartitionHost
  readonly #rows: PaymentRows
  readonly #requestRefund: ReturnType<typeof createRefundRequests>
  readonly #counters: Counters
  readonly #bank: MeasuredBank
  readonly #departed: DepartedPayments
  readonly #alarm: Alarm
  readonly #work: () => Promise<void>

  constructor(ports: PaymentPorts) {
    const { host } = ports
    this.#host = host
    host.turn(() => migrate(host.sql, PAYMENT_TABLES))
    this.#counters = createCounters(host)
    const counters = this.#counters
    this.#bank = { name: ports.bankName, outage: createBankOutage(host.now) }
    const recent = createRecentRows(host, 'payments', counters)
    this.#rows = createPaymentRows(host, recent)
    this.#requestRefund = createRefundRequests({
      host,
      keys: createHourlyAllowance(host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX),
      rows: this.#rows,
      refundObjection: ports.refundObjection,
    })
    this.#departed = createDepartedPayments({ host, rows: this.#rows, unlist: ports.unlist })
    this.#alarm = createAlarm({
      host,
      keyExpiry: createKeyExpiry(host),
      dueTimes: () => [earliestDue(host.sql), recent.nextLookAt(), this.#sweepAt(), this.#departed.dueAt()],
    })
    this.#work = createAlarmWork({ ...ports, rows: this.#rows, recent, counters, alarm: this.#alarm })
    this.wakeForDue()
  }

  /** Begins the next step for each event, in their order. Returns what to do for each. */
  begin(events: readonly BriefCause[]): StepReply[] {
    const late = this.#departed.lateAmong(events)
    if (late.size > 0) this.#host.turn(() => this.#counters.addDuplicates(late.size))
    const replies = this.#begin(events.filter((_, position) => !late.has(position))).values()
    return events.map((_, position) => {
      const payment = late.get(position)
      if (payment === undefined) return replies.next().value ?? UNKNOWN
      return { directive: { kind: 'rest' }, payment }
    })
  }

  #begin(events: readonly BriefCause[]): StepReply[] {
    const now = this.#host.now()
    return this.#applyToEach(
      events.map((event) => event.data.orderId),
      (position, payment) => {
        const event = events[position]
        return event && whenEvent(payment, event, now)
      },
    )
  }

  /** Records results of the bank, and begins the next steps. Returns what to do for each. */
  record(reports: readonly BankReport[]): StepReply[] {
    const now = this.#host.now()
    for (const report of reports) countBankCall(this.#counters, this.#bank.outage, report)
    return this.#applyToEach(
      reports.map((report) => report.orderId),
      (position, payment) => {
        const report = reports[position]
        if (report === undefined || payment === undefined) return payment
        return 'answer' in report
          ? recordResult(payment, report, report.answer, now)
          : recordLookup(payment, report, report.lookup, now)
      },
    )
  }

  /** The order's books at the bank that are to be read because of an event of the bank. */
  questionFor({ eventId, orderId }: BankNews): NewsQuestion {
    if (hasNews(this.#host.sql, eventId, this.#host.now())) return { kind: 'duplicate' }
    const payment = this.#rows.load([orderId]).get(orderId)?.payment
    return payment === undefined ? { kind: 'unknown' } : { kind: 'ask', question: questionAbout(payment) }
  }

  /**
   * Stores that an event of the bank was taken, and what its books say, in one commit; begins the next step. Undefined
   * where the event came before.
   */
  applyNews({ eventId, orderId }: BankNews, records: readonly BankRecord[]): StepReply | undefined {
    return this.#host.turn(() => {
      const now = this.#host.now()
      if (hasNews(this.#host.sql, eventId, now)) return undefined
      storeNews(this.#host.sql, eventId, now)
      const row = this.#rows.load([orderId]).get(orderId)
      const [reply] = this.#applyTo(row, [0], (_, payment) => payment && whenNews(payment, records, now))
      return reply ?? UNKNOWN
    })
  }

  requestRefund(wanted: RefundRequest): RefundReply {
    return this.#host.turn(() => this.#requestRefund(wanted))
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
   * Whether the caller may not see what the bank did for this order. A payment without an owner was begun by an event from
   * outside. Only callers that act for all clients see it.
   */
  isForeign(orderId: string, caller: Caller): boolean {
    const owner = loadPayments(this.#host.sql, [orderId]).get(orderId)?.payment.client
    return !actsForAll(caller) && owner !== caller.client
  }

  /** Payments in the order of their orders' ids, from the first id after `orderId`: for the audit. */
  booksAfter(orderId: string, limit: number): PaymentBook[] {
    return loadPaymentsAfter(this.#host.sql, orderId, limit).map(toPaymentBook)
  }

  /** The payments of these orders as they are stored: for the audit. */
  booksOf(orderIds: readonly string[]): AuditedPayment[] {
    return Array.from(loadPayments(this.#host.sql, orderIds).values(), ({ payment }) =>
      toAuditedPayment(payment),
    )
  }

  /** The order service has these refunds: they are sent no more. */
  acknowledge(orderId: string, factIds: readonly string[]): void {
    this.#host.turn(() => this.#acknowledge(orderId, factIds))
  }

  #acknowledge(orderId: string, factIds: readonly string[]): void {
    const row = this.#rows.load([orderId]).get(orderId)
    if (row === undefined) return
    const isNoted = (refund: Refund) => factIds.includes(refundedEvent(row.payment, refund).id)
    // An acknowledgement that comes again writes no row.
    if (!row.payment.refunds.some((refund) => !refund.isNoted && isNoted(refund))) return
    const refunds = row.payment.refunds.map((refund) =>
      isNoted(refund) ? { ...refund, isNoted: true } : refund,
    )
    const payment = { ...row.payment, refunds }
    this.#rows.storeChanged({ ...row, payment, sends: earlySends(row.sends) }, this.#host.now())
  }

  /** These orders have left for the archive. Their payments follow, each once nothing is left to do for it. */
  letGo(departure: Departure): void {
    this.#host.turn(() => this.#departed.begin(departure))
  }

  /** Every order whose payment has left was last heard of before this time. */
  departedBefore(): Instant {
    return this.#departed.before()
  }

  /** What the partition counts and measures. */
  measure(): Sample[] {
    return measurePayments(this.#host, this.#counters, this.#bank)
  }

  /** Handles the rows that are due. */
  async wake(): Promise<void> {
    await Promise.all([this.#work(), this.#departed.work()])
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  #sweepAt(): Instant | undefined {
    return sweptUpTo(this.#host.sql, 'tokens') === undefined ? undefined : this.#host.now() + SWEEP_PAUSE_MS
  }

  /**
   * Applies `change` to each payment and begins its next step, one payment after the other. Where a payment cannot be
   * stored, its events alone fail, and no step of it is begun.
   */
  #applyToEach(
    orderIds: readonly string[],
    change: (position: number, payment: Payment | undefined) => Payment | undefined,
  ): StepReply[] {
    return this.#host.turn(() => {
      const positions = Map.groupBy(orderIds.keys(), (position) => orderIds[position] ?? '')
      const rows = this.#rows.load([...positions.keys()])
      const replies: StepReply[] = []
      for (const [orderId, own] of positions) {
        const about = { orderId, traceId: traceIdOf(rows.get(orderId)?.payment) }
        const applied = attempt(this.#host, about, () => this.#applyTo(rows.get(orderId), own, change))
        own.forEach((position, nth) => {
          replies[position] = (applied.ok ? applied.value[nth] : failed(applied.reason)) ?? UNKNOWN
        })
      }
      return replies
    })
  }

  /** All events or results of a batch for one payment. Its row is written once, or not yet. */
  #applyTo(
    row: PaymentRow | undefined,
    positions: readonly number[],
    change: (position: number, payment: Payment | undefined) => Payment | undefined,
  ): StepReply[] {
    const now = this.#host.now()
    let payment = row?.payment
    const replies = positions.map((position): StepReply => {
      const changed = change(position, payment)
      if (changed === undefined) return UNKNOWN
      const begun = begin(changed, now)
      if (begun.payment === payment) this.#counters.addDuplicates(1)
      payment = begun.payment
      const { directive } = begun
      return { directive, payment: isAtRest(directive) ? toReport(begun.payment) : null }
    })
    if (payment === undefined || payment === row?.payment || this.#rows.hold(row, payment)) return replies
    const hasNewRefunds = row?.payment.refunds !== payment.refunds
    const sent = hasNewRefunds ? sentOnce(now) : { sends: row.sends, sentAt: row.sentAt }
    this.#rows.storeChanged({ dueAt: null, listedRevision: 0, ...row, ...sent, payment }, now)
    return replies
  }
}

const UNKNOWN: StepReply = { directive: { kind: 'unknown' }, payment: null }

const failed = (error: string): StepReply => ({ directive: { kind: 'failed', error }, payment: null })
