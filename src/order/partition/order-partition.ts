import { subjectOfEventId } from '../../contracts/events.ts'
import type { PublicEvent } from '../../contracts/public-event.ts'
import type { Instant } from '../../kernel/instant.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { type Alarm, attendAll, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import {
  type IdempotentRequest,
  type KeyStep,
  type Recalled,
  stepOfKey,
} from '../../messaging/idempotency.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import { LISTING_DELAY_MS } from '../../messaging/listing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import { earlySends } from '../../messaging/redelivery.ts'
import { migrate } from '../../messaging/schema.ts'
import { attempt } from '../../messaging/turn.ts'
import type { WaitLimits } from '../live-limits.ts'
import { publicEventsOf } from '../order-events.ts'
import type { OrderView } from '../order-view.ts'
import type { TokenHasher } from '../payment-token.ts'
import { decide, type LegInquiry, type LegReport, type OrderFact } from '../saga.ts'
import { rejectUnknownOrder } from '../unknown-order.ts'
import { type AlarmWork, type AlarmWorkPorts, createAlarmWork, type WakeFindings } from './alarm-work.ts'
import { type CancelReply, type CancelRequest, createCancellation } from './cancellation.ts'
import { type ExternalIdQuery, type FoundOrder, findByExternalId } from './external-id-lookup.ts'
import { createLiveReads } from './live-reads.ts'
import {
  earliestDue,
  insertOrder,
  loadDue,
  loadOrders,
  newRow,
  ORDER_TABLES,
  type OrderRow,
  storeOrder,
  updateOrder,
} from './order-store.ts'
import { acknowledgementsOf, decisionFor, isLegInquiry, outstanding } from './outstanding-events.ts'
import {
  createPlacement,
  type ExternalPlaceRequest,
  type ExternalRefusal,
  type PlacementActions,
  type PlaceReply,
  type PlaceRequest,
} from './placement.ts'
import { createTokenErasure, type TokenErasure } from './token-erasure.ts'
import { type Reader, viewFor, visibleOrder } from './visible-order.ts'
import { type Announcer, createAnnouncer, type Wanted, withoutAcknowledged } from './webhook-announcements.ts'

/** What an order partition needs beyond its host. */
export type OrderPorts = AlarmWorkPorts & {
  host: PartitionHost
  /** Undefined where the Worker has no key. */
  hashToken: TokenHasher | undefined
  deadlineMs: number
  defaultCurrency: string
  /** How many reads may wait in this partition. */
  waits?: WaitLimits
  /** For each client: idempotency keys of calls that place no order. */
  keysAnHourMax?: number
}

/**
 * Many orders. Each is a row that is its own outbox: the row is due until the order's decision has taken effect, and
 * each time it is due its outstanding events are published again. A method that changes something is one turn, so one
 * transaction. A method for many orders has a transaction for each of them inside its turn.
 */
export class OrderPartition {
  readonly #ports: OrderPorts
  readonly #host: PartitionHost
  readonly #announcer: Announcer
  readonly #placement: PlacementActions
  readonly #cancel: ReturnType<typeof createCancellation>
  readonly #alarm: Alarm
  readonly #alarmWork: AlarmWork
  readonly #tokens: TokenErasure
  /** Reads that wait for an order to change. */
  readonly liveReads: ReturnType<typeof createLiveReads>

  constructor(ports: OrderPorts) {
    this.#ports = ports
    this.#host = ports.host
    this.liveReads = createLiveReads(ports.host, ports.waits)
    ports.host.turn(() => migrate(ports.host.sql, ORDER_TABLES))
    this.#announcer = createAnnouncer(ports.host)
    this.#alarmWork = createAlarmWork({ ...ports, announcer: this.#announcer })
    this.#tokens = createTokenErasure(ports.host, ports.hashToken)
    this.#placement = createPlacement({
      host: ports.host,
      deadlineMs: ports.deadlineMs,
      store: (order, now) => insertOrder(ports.host.sql, this.#publishOutstanding(newRow(order, now), now)),
    })
    this.#cancel = createCancellation({
      host: ports.host,
      keys: createHourlyAllowance(ports.host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX),
      apply: (row, fact, now) => this.#apply(row, fact, now),
    })
    this.#alarm = createAlarm({
      host: ports.host,
      keyExpiry: createKeyExpiry(ports.host),
      dueTimes: () => [earliestDue(ports.host.sql), this.#tokens.sweepAt()],
    })
    this.wakeForDue()
  }

  place(request: PlaceRequest): PlaceReply {
    return this.#host.turn(() => this.#placement.place(request))
  }

  /**
   * The reply to a placement under a key that led to this partition before there were more partitions. From now on the
   * key places nothing here.
   */
  fence(request: IdempotentRequest): PlaceReply | undefined {
    return this.#host.turn(() => this.#placement.fence(request))
  }

  /** Which of these orders with external ids cannot be placed, and why. */
  refuseExternal(requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] {
    return this.#placement.refuseExternal(requests)
  }

  /** Places all of these orders, or none of them where one cannot be placed. */
  placeExternal(requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] {
    return this.#host.turn(() => this.#placement.placeExternal(requests))
  }

  /** The orders that a caller may mean by this external id. */
  named(query: ExternalIdQuery): FoundOrder[] {
    return findByExternalId(this.#host.sql, query)
  }

  stepOfKey(request: IdempotentRequest, step: KeyStep): Recalled {
    return this.#host.turn(() => stepOfKey(this.#host.sql, request, step, this.#host.now()))
  }

  cancel(request: CancelRequest): CancelReply {
    return this.#host.turn(() => this.#cancel(request))
  }

  /**
   * Applies reports of the legs. They may come in any order and any number of times. Returns the ids of the orders for
   * which this failed: for these, nothing is stored or published.
   */
  applyReports(reports: readonly (LegReport | LegInquiry)[]): string[] {
    return this.#host.turn(() => {
      const bySubject = Map.groupBy(reports, (report) => report.subject)
      const stored = loadOrders(this.#host.sql, [...bySubject.keys()])
      const failed = Array.from(bySubject, ([orderId, facts]) => {
        const about = { orderId, traceId: traceIdOf(facts[0]) }
        return attempt(this.#host, about, () => this.#applyReportsOf(stored.get(orderId), facts)).ok
          ? []
          : [orderId]
      })
      return failed.flat()
    })
  }

  /** All reports of a batch on one order. Its row is written once. */
  #applyReportsOf(stored: OrderRow | undefined, facts: readonly (LegReport | LegInquiry)[]): void {
    const now = this.#host.now()
    let row = stored
    for (const fact of facts)
      row = row ? this.#applyReport(row, fact, now) : this.#rejectUnknownOrder(fact, now)
    if (row !== undefined && row !== stored) storeOrder(this.#host.sql, row)
    this.#host.publish(acknowledgementsOf(facts, now))
  }

  /** From now on these are the event types that webhooks want. */
  setWantedTypes(wanted: Wanted): void {
    this.#host.turn(() => this.#announcer.setWantedTypes(wanted))
  }

  /** The operations service has these announcements. Where that cannot be stored, they are sent again. */
  acknowledge(factIds: readonly string[]): void {
    this.#host.turn(() => {
      const { sql } = this.#host
      const orderIds = new Set(factIds.map(subjectOfEventId))
      for (const [orderId, row] of loadOrders(sql, [...orderIds])) {
        if (row.announcing === null) continue
        const about = { orderId, traceId: traceIdOf(row.order) }
        attempt(this.#host, about, () => updateOrder(sql, withoutAcknowledged(row, factIds)))
      }
    })
  }

  get(orderId: string, reader: Reader): OrderView | undefined {
    const order = visibleOrder(this.#host.sql, orderId, reader)
    return order && viewFor(reader, order)
  }

  events(orderId: string, reader: Reader): PublicEvent[] | undefined {
    const order = visibleOrder(this.#host.sql, orderId, reader)
    return order && publicEventsOf(order)
  }

  /** Handles the rows that are due: lists changed orders, rejects late ones, publishes outstanding events again. */
  async wake(): Promise<void> {
    const { sql } = this.#host
    const due = loadDue(sql, this.#host.now(), DUE_ROWS_MAX)
    const isListed = await this.#alarmWork.list(due)
    const oldestWaiting = await this.#alarmWork.oldestWaiting(due)
    const tokenHashes = await this.#tokens.hash(due)
    await this.#tokens.sweep()
    this.#host.turn(() =>
      this.#handleAllDue(due, { now: this.#host.now(), oldestWaiting, isListed, tokenHashes }),
    )
  }

  #handleAllDue(due: readonly OrderRow[], at: WakeFindings): void {
    const isDone = attendAll(this.#host, due, {
      idOf: ({ order }) => order.orderId,
      load: (orderIds) => loadOrders(this.#host.sql, orderIds),
      about: ({ order }) => ({ orderId: order.orderId, traceId: traceIdOf(order) }),
      attend: (row, { order: { version } }) => {
        const listedVersion = at.isListed ? Math.max(row.listedVersion, version) : row.listedVersion
        this.#handleDue({ ...row, listedVersion }, at)
      },
    })
    this.#alarm.endWakeUp({ isDone })
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  /** A report may change the order. To an inquiry the partition replies with the order's decision. */
  #applyReport(row: OrderRow, fact: LegReport | LegInquiry, now: Instant): OrderRow {
    if (isLegInquiry(fact)) {
      this.#host.publish(decisionFor(row.order, fact))
      return row
    }
    const changed = this.#apply(row, fact, now)
    return changed === row ? row : { ...changed, sends: earlySends(changed.sends) }
  }

  #rejectUnknownOrder(report: LegReport | LegInquiry, now: Instant): OrderRow {
    const order = rejectUnknownOrder(report, this.#ports.defaultCurrency, now)
    this.#host.log('warn', 'report on an order that was never placed', {
      orderId: order.orderId,
      traceId: traceIdOf(report),
    })
    const row = this.#publishOutstanding(newRow(order, now), now)
    return isLegInquiry(report) ? row : this.#apply(row, report, now)
  }

  /** The row after one fact; the same object where nothing changed. A new decision is published at once. */
  #apply(row: OrderRow, fact: OrderFact, now: Instant): OrderRow {
    const decided = decide(row.order, fact, now)
    if (decided === row.order) return row
    const { order } = this.#tokens.eraseUsed({ ...row, order: decided })
    const dueAt = Math.min(row.dueAt ?? Number.POSITIVE_INFINITY, now + LISTING_DELAY_MS)
    this.#host.wakeBy(dueAt)
    const changed = this.#announcer.announce(row, { ...row, order, dueAt }, now)
    this.#host.afterTurn(() => this.liveReads.notify(order.orderId))
    this.#placement.track(row.order, order)
    if (order.status === row.order.status) return changed
    return this.#publishOutstanding({ ...changed, sends: 0 }, now)
  }

  /** Publishes the row's outstanding events. Returns the row with the time at which it is due again. */
  #publishOutstanding(row: OrderRow, now: Instant): OrderRow {
    this.#host.publish(outstanding(row.order))
    const dueAt = row.dueAt ?? now + LISTING_DELAY_MS
    this.#host.wakeBy(dueAt)
    return { ...row, dueAt, sends: row.sends + 1, sentAt: now }
  }

  #handleDue(row: OrderRow, at: WakeFindings): void {
    const isLate = row.order.status === 'pending' && at.now >= row.order.deadlineAt
    const fact = isLate ? 'DeadlinePassed' : this.#alarmWork.findsOverdue(row, at.now) && 'EffectOverdue'
    const decided = fact ? this.#apply(row, { type: fact }, at.now) : row
    const resent = isLate ? decided : this.#alarmWork.resend(decided, at)
    const announced = this.#announcer.announceAgain(resent, at.oldestWaiting.get('operations'), at.now)
    const erased = this.#tokens.eraseUsed(announced, at.tokenHashes)
    updateOrder(this.#host.sql, { ...erased, dueAt: this.#alarmWork.nextDue(erased, at) })
  }
}
