import { actsForAll, type Caller, mayActFor } from '../../contracts/caller.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import { briskSends, resendDelayMs } from '../../messaging/back-off.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import { createKeyExpiry, type KeyExpiry } from '../../messaging/key-expiry.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import { migrate } from '../../messaging/schema.ts'
import { SWEEP_PAUSE_MS, sweptUpTo } from '../../messaging/sweep.ts'
import { attempt, WAKE_RETRY_MS } from '../../messaging/turn.ts'
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

/** Payments reach the read model this long after they changed: most are captured by then. */
const LISTING_DELAY_MS = SECOND_MS
const LISTING_RETRY_MS = 5 * SECOND_MS

/** A payment that is open this long is one whose order nobody knows, or was lost on the way: somebody has to say. */
const OVERDUE_MS = 60 * MINUTE_MS

/** What a worker with a way to the bank has to do, and the payment as it stands. */
export type Turn = {
  directive: Directive | { kind: 'unknown' } | { kind: 'failed'; error: string }
  payment: Payment | null
}

export type BankReport = { orderId: string } & Asked & ({ answer: BankAnswer } | { lookup: BankLookup })

const NEVER = Number.POSITIVE_INFINITY

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
  readonly #keyExpiry: KeyExpiry

  constructor(ports: PaymentPorts) {
    this.#ports = ports
    this.#host = ports.host
    this.#refunding = createRefunding({
      host: ports.host,
      keys: createHourlyAllowance(ports.host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX),
      store: (row, now) => this.#store(row, now),
    })
    this.#keyExpiry = createKeyExpiry(ports.host)
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
    this.#store({ ...row, payment, sends: briskSends(row.sends) }, this.#host.now())
  }

  /** Does what is due: lists what changed, publishes again the refunds that are owed. */
  async wake(): Promise<void> {
    const { sql } = this.#host
    const due = loadDue(sql, this.#host.now(), DUE_ROWS_MAX)
    const isListed = await this.#list(due)
    attempt(this.#host, {}, () => eraseOldTokens(sql))
    this.#host.turn(() => this.#attendAll(due, isListed))
  }

  #attendAll(due: readonly PaymentRow[], isListed: boolean): void {
    const fresh = loadPayments(
      this.#host.sql,
      due.map((row) => row.payment.orderId),
    )
    const isDone = due.map(({ payment: { orderId, revision } }) => {
      const row = fresh.get(orderId)
      if (row === undefined) return true
      const listedRevision = isListed ? Math.max(row.listedRevision, revision) : row.listedRevision
      const about = { orderId, traceId: traceIdOf(row.payment) }
      return attempt(this.#host, about, () => this.#attend({ ...row, listedRevision }, isListed)).ok
    })
    const { ok: isForgotten } = attempt(this.#host, {}, () => this.#keyExpiry.forget())
    if (isForgotten && isDone.every(Boolean)) this.wakeForDue()
    else this.#host.wakeBy(this.#host.now() + WAKE_RETRY_MS)
  }

  #attend(row: PaymentRow, isListed: boolean): void {
    const now = this.#host.now()
    if (isOpen(row.payment) && now >= row.payment.changedAt + OVERDUE_MS) {
      this.#host.publish([{ to: 'order', event: authorizationOverdue(row.payment, now) }])
    }
    const resent = this.#resend(row, now)
    storePayment(this.#host.sql, { ...resent, dueAt: this.#nextDue(resent, now, isListed) })
  }

  /** Also on every start, and when roused: an alarm that failed once too often is not set again by the platform. */
  wakeForDue(): void {
    const { sql } = this.#host
    const sweepAt = sweptUpTo(sql, 'tokens') === undefined ? NEVER : this.#host.now() + SWEEP_PAUSE_MS
    const next = this.#keyExpiry.dueAt() ?? Math.min(earliestDue(sql) ?? NEVER, sweepAt)
    if (next < NEVER) this.#host.turn(() => this.#host.wakeBy(next))
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
    const isOwedAnew = row?.payment.refunds !== payment.refunds
    const sent = isOwedAnew ? { sends: 1, sentAt: now } : { sends: row.sends, sentAt: row.sentAt }
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
    const changed = due.filter((row) => row.payment.revision > row.listedRevision)
    if (changed.length === 0) return true
    try {
      await this.#ports.list(changed.map((row) => row.payment))
      return true
    } catch (error) {
      this.#host.log('warn', 'payments could not be listed', {
        payments: changed.length,
        traceIds: traceIdsOf(changed.map((row) => row.payment)),
        error: String(error),
      })
      return false
    }
  }

  #resend(row: PaymentRow, now: Instant): PaymentRow {
    const outgoing = owed(row.payment)
    const isDue = now >= row.sentAt + resendDelayMs(row.sends, () => 0)
    if (outgoing.length === 0 || !isDue) return row
    this.#host.publish(outgoing)
    return { ...row, sends: row.sends + 1, sentAt: now }
  }

  #nextDue(row: PaymentRow, now: Instant, isListed: boolean): Instant | null {
    const isUnlisted = row.payment.revision > row.listedRevision
    const times = [
      ...(isUnlisted ? [now + (isListed ? LISTING_DELAY_MS : LISTING_RETRY_MS)] : []),
      ...(owed(row.payment).length > 0 ? [now + resendDelayMs(row.sends, this.#host.chance)] : []),
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

/** What is published unasked: refunds that are to be made, and refunds made that nobody has noted yet. */
const owed = (payment: Payment): Outgoing[] =>
  payment.refunds.flatMap((refund): Outgoing[] => {
    if (refund.state === 'pending') return [{ to: 'payment', event: refundRequested(payment, refund) }]
    if (refund.state === 'failed' || refund.isNoted) return []
    return [{ to: 'order', event: refundedEvent(payment, refund) }]
  })
