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
import { createUpkeep, type Upkeep, type UpkeepPorts, type Visit } from './alarm-work.ts'
import { type CancelAnswer, type CancelRequest, createCancelling } from './cancellation.ts'
import { type NamedOrder, type OrderName, ordersNamed } from './external-id-lookup.ts'
import { createFollowing } from './live-reads.ts'
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
  createPlacing,
  type ExternalPlaceRequest,
  type ExternalRefusal,
  type PlaceAnswer,
  type PlaceRequest,
  type Placing,
} from './placement.ts'
import { createTokenErasure, type TokenErasure } from './token-erasure.ts'
import { type Reader, viewFor, visibleOrder } from './visible-order.ts'
import { type Announcer, createAnnouncer, type Wanted, withoutAcknowledged } from './webhook-announcements.ts'

/** What an order partition needs beyond its host. */
export type OrderPorts = UpkeepPorts & {
  host: PartitionHost
  /** None where the Worker has no key. */
  hashToken: TokenHasher | undefined
  deadlineMs: number
  defaultCurrency: string
  /** How many reads may wait here. */
  waits?: WaitLimits
  /** Keys that place no order, for each client. */
  keysAnHourMax?: number
}

/**
 * Many orders, each a row that is its own outbox: while its decision has not taken effect it is due, and whenever
 * it is due what is outstanding is published again. Each method that changes something is one turn, so one
 * transaction; a method for many orders has one for each of them inside it.
 */
export class OrderPartition {
  readonly #ports: OrderPorts
  readonly #host: PartitionHost
  readonly #announcer: Announcer
  readonly #placing: Placing
  readonly #cancelling: ReturnType<typeof createCancelling>
  readonly #alarm: Alarm
  readonly #upkeep: Upkeep
  readonly #tokens: TokenErasure
  /** Reads that wait for an order to change. */
  readonly following: ReturnType<typeof createFollowing>

  constructor(ports: OrderPorts) {
    this.#ports = ports
    this.#host = ports.host
    this.following = createFollowing(ports.host, ports.waits)
    ports.host.turn(() => migrate(ports.host.sql, ORDER_TABLES))
    this.#announcer = createAnnouncer(ports.host)
    this.#upkeep = createUpkeep({ ...ports, announcer: this.#announcer })
    this.#tokens = createTokenErasure(ports.host, ports.hashToken)
    this.#placing = createPlacing({
      host: ports.host,
      deadlineMs: ports.deadlineMs,
      store: (order, now) => insertOrder(ports.host.sql, this.#published(newRow(order, now), now)),
    })
    this.#cancelling = createCancelling({
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

  place(request: PlaceRequest): PlaceAnswer {
    return this.#host.turn(() => this.#placing.place(request))
  }

  /** What was placed here under a key that leads elsewhere since the partitions have grown; from now on nothing is. */
  fence(request: IdempotentRequest): PlaceAnswer | undefined {
    return this.#host.turn(() => this.#placing.fence(request))
  }

  /** Orders that bring their own ids: which of them cannot be taken, and why. */
  refuseExternal(requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] {
    return this.#placing.refuseExternal(requests)
  }

  /** Places all of them, or none where one cannot be taken. */
  placeExternal(requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] {
    return this.#host.turn(() => this.#placing.placeExternal(requests))
  }

  /** The orders that a caller may mean by an external id. */
  named(name: OrderName): NamedOrder[] {
    return ordersNamed(this.#host.sql, name)
  }

  stepOfKey(request: IdempotentRequest, step: KeyStep): Recalled {
    return this.#host.turn(() => stepOfKey(this.#host.sql, request, step, this.#host.now()))
  }

  cancel(request: CancelRequest): CancelAnswer {
    return this.#host.turn(() => this.#cancelling(request))
  }

  /**
   * Answers of other services, in any order and any number of times. Returns the ids of the orders for which they
   * could not be taken in: nothing of theirs is stored or published.
   */
  answer(answers: readonly (LegReport | LegInquiry)[]): string[] {
    return this.#host.turn(() => {
      const bySubject = Map.groupBy(answers, (answer) => answer.subject)
      const stored = loadOrders(this.#host.sql, [...bySubject.keys()])
      const failed = Array.from(bySubject, ([orderId, facts]) => {
        const about = { orderId, traceId: traceIdOf(facts[0]) }
        return attempt(this.#host, about, () => this.#hearAll(stored.get(orderId), facts)).ok ? [] : [orderId]
      })
      return failed.flat()
    })
  }

  /** What came about one order at the same time: its row is written once. */
  #hearAll(stored: OrderRow | undefined, facts: readonly (LegReport | LegInquiry)[]): void {
    const now = this.#host.now()
    let row = stored
    for (const fact of facts) row = row ? this.#hear(row, fact, now) : this.#rejectUnknownOrder(fact, now)
    if (row !== undefined && row !== stored) storeOrder(this.#host.sql, row)
    this.#host.publish(acknowledgementsOf(facts, now))
  }

  /** What webhooks want to hear of from now on. */
  want(wanted: Wanted): void {
    this.#host.turn(() => this.#announcer.want(wanted))
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

  /** Does what is due: lists what changed, gives up what is too old, publishes again what is outstanding. */
  async wake(): Promise<void> {
    const { sql } = this.#host
    const due = loadDue(sql, this.#host.now(), DUE_ROWS_MAX)
    const isListed = await this.#upkeep.list(due)
    const oldestWaiting = await this.#upkeep.oldestWaiting(due)
    const tokenHashes = await this.#tokens.hash(due)
    await this.#tokens.sweep()
    this.#host.turn(() =>
      this.#attendAll(due, { now: this.#host.now(), oldestWaiting, isListed, tokenHashes }),
    )
  }

  #attendAll(due: readonly OrderRow[], at: Visit): void {
    const isDone = attendAll(this.#host, due, {
      idOf: ({ order }) => order.orderId,
      load: (orderIds) => loadOrders(this.#host.sql, orderIds),
      about: ({ order }) => ({ orderId: order.orderId, traceId: traceIdOf(order) }),
      attend: (row, { order: { version } }) => {
        const listedVersion = at.isListed ? Math.max(row.listedVersion, version) : row.listedVersion
        this.#attend({ ...row, listedVersion }, at)
      },
    })
    this.#alarm.endWakeUp({ isDone })
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  /** An inquiry is met with what is outstanding; an answer may change the order. */
  #hear(row: OrderRow, fact: LegReport | LegInquiry, now: Instant): OrderRow {
    if (isLegInquiry(fact)) {
      this.#host.publish(decisionFor(row.order, fact))
      return row
    }
    const heard = this.#apply(row, fact, now)
    return heard === row ? row : { ...heard, sends: earlySends(heard.sends) }
  }

  #rejectUnknownOrder(answer: LegReport | LegInquiry, now: Instant): OrderRow {
    const order = rejectUnknownOrder(answer, this.#ports.defaultCurrency, now)
    this.#host.log('warn', 'answer about an order that was never placed', {
      orderId: order.orderId,
      traceId: traceIdOf(answer),
    })
    const row = this.#published(newRow(order, now), now)
    return isLegInquiry(answer) ? row : this.#apply(row, answer, now)
  }

  /** The row after one fact: the same row where nothing changed. A new decision is published at once. */
  #apply(row: OrderRow, fact: OrderFact, now: Instant): OrderRow {
    const decided = decide(row.order, fact, now)
    if (decided === row.order) return row
    const { order } = this.#tokens.erased({ ...row, order: decided })
    const dueAt = Math.min(row.dueAt ?? Number.POSITIVE_INFINITY, now + LISTING_DELAY_MS)
    this.#host.wakeBy(dueAt)
    const changed = this.#announcer.announced(row, { ...row, order, dueAt }, now)
    this.#host.afterTurn(() => this.following.tell(order.orderId))
    this.#placing.see(row.order, order)
    if (order.status === row.order.status) return changed
    return this.#published({ ...changed, sends: 0 }, now)
  }

  /** Publishes what is outstanding, and says when it is to be looked at again. */
  #published(row: OrderRow, now: Instant): OrderRow {
    this.#host.publish(outstanding(row.order))
    const dueAt = row.dueAt ?? now + LISTING_DELAY_MS
    this.#host.wakeBy(dueAt)
    return { ...row, dueAt, sends: row.sends + 1, sentAt: now }
  }

  #attend(row: OrderRow, at: Visit): void {
    const isLate = row.order.status === 'pending' && at.now >= row.order.deadlineAt
    const fact = isLate ? 'DeadlinePassed' : this.#upkeep.findsOverdue(row, at.now) && 'EffectOverdue'
    const decided = fact ? this.#apply(row, { type: fact }, at.now) : row
    const resent = isLate ? decided : this.#upkeep.resend(decided, at)
    const attended = this.#announcer.announcedAgain(resent, at.oldestWaiting.get('operations'), at.now)
    const erased = this.#tokens.erased(attended, at.tokenHashes)
    updateOrder(this.#host.sql, { ...erased, dueAt: this.#upkeep.nextDue(erased, at) })
  }
}
