import { DurableObject } from 'cloudflare:workers'
import { createLog } from '../../src/cloudflare/log.ts'
import { createMeasure, rarelyMeasured } from '../../src/cloudflare/metrics.ts'
import { createDurableHost, type DurableHost, PORT_TIMEOUT_MS } from '../../src/cloudflare/partition-host.ts'
import { createPublisher } from '../../src/cloudflare/publisher.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { within } from '../../src/cloudflare/within.ts'
import { keepOpenSetting } from '../../src/cloudflare/witness.ts'
import { gauge, type Sample } from '../../src/contracts/metrics.ts'
import { SUBSCRIPTIONS } from '../../src/contracts/topology.ts'
import { rememberSetting } from '../../src/messaging/fixed-setting.ts'
import type { IdempotentRequest, KeyStep } from '../../src/messaging/idempotency.ts'
import { createListFilling, type ListFilling } from '../../src/messaging/list-filling.ts'
import {
  orderPartitionsOf,
  orderPartitionsSetting,
  rememberedOrderPartitions,
} from '../../src/messaging/order-partitions.ts'
import type { FeedPlace, FeedRequest, FeedStart } from '../../src/order/feed.ts'
import type { LeaseRequest } from '../../src/order/feed-consumer.ts'
import type { Order } from '../../src/order/order.ts'
import type { CancelRequest } from '../../src/order/partition/cancellation.ts'
import type { ErasureRequest } from '../../src/order/partition/customer-erasure.ts'
import type { ExternalIdQuery } from '../../src/order/partition/external-id-lookup.ts'
import type { ExternalPlaceRequest } from '../../src/order/partition/external-placement.ts'
import type { Adjustment, CommitRequest, NewConsumer } from '../../src/order/partition/feed-consumers.ts'
import { listedOrders } from '../../src/order/partition/listed-orders.ts'
import type { FollowRequest } from '../../src/order/partition/live-reads.ts'
import type { PartitionHistory } from '../../src/order/partition/order-metrics.ts'
import { OrderPartition } from '../../src/order/partition/order-partition.ts'
import type { PlaceRequest } from '../../src/order/partition/placement.ts'
import type { Reader } from '../../src/order/partition/visible-order.ts'
import type { Wanted } from '../../src/order/partition/webhook-announcements.ts'
import type { WantedReplay } from '../../src/order/replay.ts'
import { createReportTimes } from '../../src/order/report-times.ts'
import type { LegInquiry, LegReport } from '../../src/order/saga.ts'
import { FIRST_PARTITION } from './first-partition.ts'
import { createBacklogLook, inboxesOf } from './inboxes.ts'
import { listOrders } from './order-list.ts'
import { retentionOf } from './retention.ts'
import { readOrderSettings } from './settings.ts'
import { createTokenHasher } from './token-hasher.ts'

/** An order partition on Cloudflare. Its rules are in `OrderPartition`, and in the filling of its list. */
export class OrderObject extends DurableObject<OrderEnv> {
  readonly #durable: DurableHost
  readonly #partition: OrderPartition
  readonly #measure: () => Sample[]
  readonly #filling: ListFilling
  readonly #history: () => PartitionHistory
  readonly #reportTimes = createReportTimes()

  constructor(ctx: DurableObjectState, env: OrderEnv) {
    super(ctx, env)
    const settings = validSettings(readOrderSettings(env))
    const inboxes = inboxesOf(env)
    this.#durable = createDurableHost(ctx, createPublisher(inboxes, settings.messages), createLog('order'))
    const remember = keepOpenSetting(ctx, {
      host: this.#durable.host,
      setting: orderPartitionsOf(settings.partitions),
      namespace: env.ORDERS,
      first: FIRST_PARTITION,
    })
    const list = (orders: readonly Order[]) =>
      within(PORT_TIMEOUT_MS, 'listing orders', listOrders(env.LISTS_DB, orders))
    this.#partition = new OrderPartition({
      host: this.#durable.host,
      list,
      oldestWaiting: createBacklogLook(inboxes),
      hashToken: createTokenHasher(env),
      deadlineMs: settings.deadlineMs,
      defaultCurrency: settings.defaultCurrency,
      isFull: () => this.#isFull(settings.partitionBytesMax),
      waits: settings.partitionWaits,
      keysAnHourMax: settings.keysAnHourMax,
      subscriptions: SUBSCRIPTIONS,
      retention: retentionOf(env, {
        ...{ days: settings.retentionDays, partition: ctx.id.name ?? '' },
        ownConsumers: () => this.feedConsumers(),
      }),
    })
    this.#filling = createListFilling({
      host: this.#durable.host,
      partition: ctx.id.name ?? '',
      source: listedOrders(list),
    })
    this.#filling.wakeForDue()
    this.#measure = createMeasure(ctx, () => [
      ...this.#partition.measure(),
      gauge('edge_orders_partition_full', this.#isFull(settings.partitionBytesMax) ? 1 : 0),
    ])
    this.#history = rarelyMeasured(() => this.#partition.history())
    remember()
  }

  #isFull(bytesMax: number): boolean {
    return this.ctx.storage.sql.databaseSize >= bytesMax
  }

  /** Only on the first partition: throws where the list does not begin with the list that orders were placed under. */
  keepTo(list: string): void {
    rememberSetting(this.#durable.host, orderPartitionsSetting(list))
  }

  /** Only on the first partition: the list that orders are placed under. */
  remembered(): string {
    return rememberedOrderPartitions(this.#durable.host.sql)
  }

  place(request: PlaceRequest) {
    return this.#partition.place(request)
  }

  /** Many placements in one call and one commit. Objects of an earlier version do not have it. */
  placeAll(requests: readonly PlaceRequest[]) {
    return this.#partition.placeAll(requests)
  }

  fence(request: IdempotentRequest) {
    return this.#partition.fence(request)
  }

  refuseExternal(requests: readonly ExternalPlaceRequest[]) {
    return this.#partition.externalOrders.refuse(requests)
  }

  placeExternal(requests: readonly ExternalPlaceRequest[]) {
    return this.#partition.externalOrders.place(requests)
  }

  named(query: ExternalIdQuery) {
    return this.#partition.findByExternalId(query)
  }

  /** For Workers of an earlier version, which know no unique ids. */
  refuseForeign(requests: readonly ExternalPlaceRequest[]) {
    return this.#partition.externalOrders.refuse(requests)
  }

  placeForeign(requests: readonly ExternalPlaceRequest[]) {
    return this.#partition.externalOrders.place(requests)
  }

  stepOfKey(request: IdempotentRequest, step: KeyStep) {
    return this.#partition.stepOfKey(request, step)
  }

  cancel(request: CancelRequest) {
    return this.#partition.access.cancel(request)
  }

  /** Erases what orders say about one customer. Objects of an earlier version do not have it. */
  eraseCustomer(request: ErasureRequest) {
    return this.#partition.eraseCustomer(request)
  }

  /** The same in the archive. Objects of an earlier version do not have it. */
  async eraseFromArchive(request: ErasureRequest) {
    return await this.#partition.eraseFromArchive(request)
  }

  /** How long ago the last report of each leg came. Undefined where none came since the object started. */
  reportAgesMs() {
    return this.#reportTimes.agesMs(Date.now())
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  answer(reports: readonly (LegReport | LegInquiry)[]) {
    this.#reportTimes.note(reports, Date.now())
    return this.#partition.applyReports(reports)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  want(wanted: Wanted) {
    this.#partition.setWantedTypes(wanted)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  note(factIds: readonly string[]) {
    this.#partition.acknowledge(factIds)
  }

  /** For subscribers other than operations. Objects of an earlier version do not have it: their events come again. */
  acknowledgeBy(subscriber: string, factIds: readonly string[]) {
    this.#partition.acknowledgeBy(subscriber, factIds)
  }

  get(orderId: string, reader: Reader) {
    return this.#partition.access.get(orderId, reader)
  }

  /** The order as soon as it is decided, at the latest after `withinMs`. */
  decided(orderId: string, reader: Reader, withinMs: number) {
    return this.#partition.access.decided(orderId, reader, withinMs)
  }

  events(orderId: string, reader: Reader) {
    return this.#partition.access.events(orderId, reader)
  }

  follow(request: FollowRequest) {
    return this.#partition.access.follow(request)
  }

  /** For the audit. Objects of an earlier version do not have it, nor the next one. */
  booksAfter(orderId: string, limit: number) {
    return this.#partition.booksAfter(orderId, limit)
  }

  booksOf(orderIds: readonly string[]) {
    return this.#partition.booksOf(orderIds)
  }

  /** The events of these orders to send once more. Objects of an earlier version do not have it. */
  replay(orderIds: readonly string[], wanted: WantedReplay) {
    return this.#partition.replay(orderIds, wanted)
  }

  /** A page of the order feed. The first read switches the feed on. */
  feed(request: FeedRequest) {
    return this.#partition.feed.read(request)
  }

  /** Waits until there may be more in the order feed than at this place, at the latest for `withinMs`. */
  untilFed(place: FeedPlace, withinMs: number) {
    return this.#partition.feed.untilNew(place, withinMs)
  }

  /** Switches the order feed off. Returns whether it was on. */
  switchFeedOff() {
    return this.#partition.feed.switchOff()
  }

  /** The place in the order feed of a reader that begins there. Objects of an earlier version do not have it, nor those below. */
  feedPlaceAt(start: FeedStart, newEpoch: string) {
    return this.#partition.feed.placeAt(start, newEpoch)
  }

  /** What readers at these places do not have yet. */
  feedLags(places: readonly (FeedPlace | undefined)[]) {
    return this.#partition.feed.lagsOf(places)
  }

  /** Only on the first partition, as the next five: the consumers of the feed. */
  feedConsumers() {
    return this.#partition.feedConsumers.list()
  }

  putFeedConsumer(consumer: NewConsumer) {
    return this.#partition.feedConsumers.put(consumer)
  }

  removeFeedConsumer(name: string) {
    return this.#partition.feedConsumers.remove(name)
  }

  leaseFeedConsumer(name: string, request: LeaseRequest) {
    return this.#partition.feedConsumers.lease(name, request)
  }

  commitFeedConsumer(name: string, request: CommitRequest) {
    return this.#partition.feedConsumers.commit(name, request)
  }

  adjustFeedConsumer(name: string, adjustment: Adjustment) {
    return this.#partition.feedConsumers.adjust(name, adjustment)
  }

  /** Lists every order once more, a portion at each alarm. */
  rebuildList(request?: IdempotentRequest) {
    return this.#filling.restart(request)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  async rouse() {
    await this.#durable.rearm(() => {
      this.#partition.wakeForDue()
      this.#filling.wakeForDue()
    })
    await this.#partition.lookForDepartures()
  }

  /** What the partition counts and measures. Objects of an earlier version do not have it. */
  measure() {
    return this.#measure()
  }

  /** What the partition counted by the minute, and by the half hour. Objects of an earlier version do not have it. */
  history() {
    return this.#history()
  }

  /** Both run at once: a list that hangs delays the redelivery of events no longer than it does anyway. */
  override alarm() {
    return this.#durable.onAlarm(async () => {
      await Promise.all([this.#partition.wake(), this.#filling.wake()])
    })
  }
}
