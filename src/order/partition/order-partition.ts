import type { OrderBook } from '../../contracts/books.ts'
import { subjectOfEventId } from '../../contracts/events.ts'
import type { Sample } from '../../contracts/metrics.ts'
import type { PublicEvent } from '../../contracts/public-event.ts'
import type { Subscriptions } from '../../contracts/topology.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { createCounters } from '../../messaging/counters.ts'
import { type Alarm, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import {
  type IdempotentRequest,
  type KeyStep,
  type Recalled,
  stepOfKey,
} from '../../messaging/idempotency.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { createRecentRows } from '../../messaging/recent-rows.ts'
import { migrate } from '../../messaging/schema.ts'
import { attempt } from '../../messaging/turn.ts'
import type { WaitLimits } from '../live-limits.ts'
import { bookOfDeparted, toOrderBook } from '../order-book.ts'
import { publicEventsOf } from '../order-events.ts'
import type { OrderView } from '../order-view.ts'
import type { TokenHasher } from '../payment-token.ts'
import { type Replay, replayOf, type WantedReplay } from '../replay.ts'
import type { LegInquiry, LegReport } from '../saga.ts'
import { type AlarmWorkPorts, createAlarmWork } from './alarm-work.ts'
import { createArchiveErasure } from './archive-erasure.ts'
import { type ArchivedOrders, createArchivedOrders } from './archived-orders.ts'
import { createArchivedReads } from './archived-reads.ts'
import { type CancelReply, type CancelRequest, createCancellation } from './cancellation.ts'
import { createCustomerErasure, type ErasureReply, type ErasureRequest } from './customer-erasure.ts'
import { createDepartures, type Departures } from './departures.ts'
import { createDueTimes } from './due-times.ts'
import { type ExternalIdQuery, type FoundOrder, findByExternalId } from './external-id-lookup.ts'
import { createExternalPlacement, type ExternalPlacement } from './external-placement.ts'
import { createFeedConsumers, type FeedConsumers } from './feed-consumers.ts'
import { createHeldReports } from './held-reports.ts'
import { createLegReports } from './leg-reports.ts'
import { createLiveReads } from './live-reads.ts'
import { createOpenOrders } from './open-orders.ts'
import { createOrderAccess, type OrderAccess } from './order-access.ts'
import { createOrderChanges } from './order-changes.ts'
import { createOrderCounts } from './order-counts.ts'
import { createOrderFeed, type OrderFeed } from './order-feed.ts'
import { measureOrders, type PartitionHistory, readHistory } from './order-metrics.ts'
import { earliestDue, loadOrders, loadOrdersAfter, ORDER_TABLES, type OrderRow } from './order-store.ts'
import { createOrderWrites, type OrderWrites } from './order-writes.ts'
import { createPlacement, type PlacementActions } from './placement.ts'
import type { RetentionPorts } from './portion-steps.ts'
import { withoutAcknowledgedBy } from './subscriptions.ts'
import { createTokenErasure } from './token-erasure.ts'
import { type Reader, viewFor, visibleOrder } from './visible-order.ts'
import { type Announcer, createAnnouncer, type Wanted, withoutAcknowledged } from './webhook-announcements.ts'

/** What an order partition needs beyond its host. */
export type OrderPorts = AlarmWorkPorts & {
  host: PartitionHost
  /** Undefined where the Worker has no key. */
  hashToken: TokenHasher | undefined
  deadlineMs: number
  defaultCurrency: string
  /** Whether the database has no room for further orders; a partition without this always has. */
  isFull?(): boolean
  /** How many reads may wait in this partition. */
  waits?: WaitLimits
  /** For each client: idempotency keys of calls that place no order. */
  keysAnHourMax?: number
  /** Services beyond the four that get facts about orders. */
  subscriptions?: Subscriptions
  /** Undefined where no archive is bound: then all orders stay. */
  retention?: RetentionPorts | undefined
}

/**
 * Many orders. Each is a row that is its own outbox: the row is due until the order's decision has taken effect, and
 * each time it is due its outstanding events are published again. A method that changes something is one turn, so one
 * transaction. A method for many orders has a transaction for each of them, so that each can fail alone.
 */
export class OrderPartition {
  readonly #host: PartitionHost
  readonly #writes: OrderWrites
  readonly #announcer: Announcer
  readonly #alarm: Alarm
  readonly #archived: ArchivedOrders
  readonly #departures: Departures

  /** Places an order, or replies again where its key was used before. */
  readonly place: PlacementActions['place']
  readonly placeAll: PlacementActions['placeAll']
  readonly fence: PlacementActions['fence']
  readonly externalOrders: ExternalPlacement
  readonly cancel: (request: CancelRequest) => CancelReply
  /** Erases what orders say about one customer, a portion in each call. */
  readonly eraseCustomer: (request: ErasureRequest) => ErasureReply
  /** The same in the archive. */
  readonly eraseFromArchive: (request: ErasureRequest) => Promise<ErasureReply>
  /** Applies reports of the legs. Returns the ids of the orders for which this failed. */
  readonly applyReports: (reports: readonly (LegReport | LegInquiry)[]) => string[]
  /** What callers may do with an order, in this partition or in the archive. */
  readonly access: OrderAccess
  /** The order feed of this partition. */
  readonly feed: OrderFeed
  /** The consumers of the feed of all partitions: in the first partition alone. */
  readonly feedConsumers: FeedConsumers
  /** What the partition counts and measures. */
  readonly measure: () => Sample[]
  /** The same by the minute, and by the half hour. */
  readonly history: () => PartitionHistory
  /** Handles the rows that are due. */
  readonly wake: () => Promise<void>

  constructor(ports: OrderPorts) {
    const { host } = ports
    this.#host = host
    host.turn(() => migrate(host.sql, ORDER_TABLES))
    this.feed = createOrderFeed(host)
    this.feedConsumers = createFeedConsumers(host)
    const writes = createOrderWrites(host, this.feed.takePositions)
    this.#writes = writes
    this.#archived = createArchivedOrders(host, ports.retention)
    this.#announcer = createAnnouncer(host, ports.subscriptions ?? {})
    const tokens = createTokenErasure(host, writes, ports.hashToken)
    const counters = createCounters(host)
    const recent = createRecentRows(host, 'orders', counters)
    this.measure = () => [...measureOrders({ host, counters, recent }), ...this.#departures.measure()]
    this.history = () => readHistory({ host, counters, recent })
    const departures = createDepartures({ host, writes, recent, feed: this.feed }, ports.retention)
    this.#departures = departures
    const dueTimes = createDueTimes(host, recent)
    const heldReports = createHeldReports(host, recent)
    const openOrders = createOpenOrders(host, recent)
    const liveReads = createLiveReads(host, ports.waits)
    const announcer = this.#announcer
    const counts = createOrderCounts(host, counters)
    const applyFact = createOrderChanges({ host, tokens, announcer, liveReads, openOrders, counts, dueTimes })
    const { deadlineMs } = ports
    const isFull = () => ports.isFull?.() ?? false
    const placement = createPlacement({ host, writes, deadlineMs, openOrders, counts, dueTimes, isFull })
    this.place = placement.place
    this.placeAll = placement.placeAll
    this.fence = placement.fence
    this.externalOrders = createExternalPlacement({ host, storeNew: placement.storeNew })
    const keys = createHourlyAllowance(host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX)
    this.cancel = createCancellation({ host, writes, keys, applyFact, heldReports })
    const archivedReads = createArchivedReads(this.#archived)
    this.access = createOrderAccess({ stored: this, liveReads, archivedReads })
    this.eraseCustomer = createCustomerErasure({ host, writes, dueTimes })
    this.eraseFromArchive = createArchiveErasure(host, ports.retention)
    const { defaultCurrency } = ports
    this.applyReports = createLegReports({
      host,
      writes,
      applyFact,
      heldReports,
      dueTimes,
      counters,
      archived: this.#archived,
      defaultCurrency,
    })
    this.#alarm = createAlarm({
      host,
      keyExpiry: createKeyExpiry(host),
      dueTimes: () => [earliestDue(host.sql), recent.nextLookAt(), tokens.sweepAt(), departures.dueAt()],
    })
    const alarm = this.#alarm
    const work = { writes, announcer, tokens, applyFact, heldReports, recent, counters, alarm }
    const wake = createAlarmWork({ ...ports, ...work })
    // An archive that is slow holds no order up.
    this.wake = async () => void (await Promise.all([wake(), departures.work()]))
    this.wakeForDue()
  }

  /** The orders that a caller may mean by this external id. */
  findByExternalId(query: ExternalIdQuery): FoundOrder[] {
    return findByExternalId(this.#host.sql, query)
  }

  stepOfKey(request: IdempotentRequest, step: KeyStep): Recalled {
    return this.#host.turn(() => stepOfKey(this.#host.sql, request, step, this.#host.now()))
  }

  /** From now on these are the event types that webhooks want. */
  setWantedTypes(wanted: Wanted): void {
    this.#host.turn(() => this.#announcer.setWantedTypes(wanted))
  }

  /** The operations service has these announcements. Where that cannot be stored, they are sent again. */
  acknowledge(factIds: readonly string[]): void {
    this.#acknowledgeIn(factIds, (row) => (row.announcing === null ? row : withoutAcknowledged(row, factIds)))
  }

  /** A subscriber other than operations has these facts. Where that cannot be stored, they are sent again. */
  acknowledgeBy(subscriber: string, factIds: readonly string[]): void {
    this.#host.turn(() => {
      this.#departures.acknowledge(subscriber, factIds)
      this.#acknowledgeIn(factIds, (row) =>
        row.unacknowledged === null ? row : withoutAcknowledgedBy(row, subscriber, factIds),
      )
    })
  }

  /** One transaction for each order that the acknowledgement changes. */
  #acknowledgeIn(factIds: readonly string[], acknowledged: (row: OrderRow) => OrderRow): void {
    this.#host.turn(() => {
      const { sql } = this.#host
      const orderIds = new Set(factIds.map(subjectOfEventId))
      for (const [orderId, row] of loadOrders(sql, [...orderIds])) {
        const changed = acknowledged(row)
        if (changed === row) continue
        const about = { orderId, traceId: traceIdOf(row.order) }
        attempt(this.#host, about, () => this.#writes.update(changed))
      }
    })
  }

  /** Orders in the order of their ids, from the first id after `orderId`: for the audit. */
  booksAfter(orderId: string, limit: number): OrderBook[] {
    return loadOrdersAfter(this.#host.sql, orderId, limit).map(toOrderBook)
  }

  /** These orders, as they are: for the audit. Those that have left are named, so that their legs do not seem alone. */
  booksOf(orderIds: readonly string[]): OrderBook[] {
    const stored = loadOrders(this.#host.sql, orderIds)
    return orderIds.flatMap((orderId): OrderBook[] => {
      const row = stored.get(orderId)
      if (row !== undefined) return [toOrderBook(row.order)]
      return this.#archived.hasLeft(orderId) ? [bookOfDeparted(orderId)] : []
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

  /** The events of these orders to send once more. Orders that the partition does not have are left out. */
  replay(orderIds: readonly string[], wanted: WantedReplay): Replay {
    const orders = Array.from(loadOrders(this.#host.sql, orderIds).values(), ({ order }) => order)
    return replayOf(orders, wanted, this.#host.now())
  }

  /** Looks for orders that may leave. */
  async lookForDepartures(): Promise<void> {
    await this.#departures.look()
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }
}
