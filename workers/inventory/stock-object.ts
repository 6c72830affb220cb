import { DurableObject } from 'cloudflare:workers'
import { createLog } from '../../src/cloudflare/log.ts'
import { createMeasure } from '../../src/cloudflare/metrics.ts'
import { createDurableHost, type DurableHost, PORT_TIMEOUT_MS } from '../../src/cloudflare/partition-host.ts'
import { createPublisher } from '../../src/cloudflare/publisher.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { within } from '../../src/cloudflare/within.ts'
import { keepSetting } from '../../src/cloudflare/witness.ts'
import type { StockWalk } from '../../src/contracts/books.ts'
import type { Sample } from '../../src/contracts/metrics.ts'
import type { ProductStart } from '../../src/contracts/product-consumers.ts'
import { type BriefReservation, toBriefReplies } from '../../src/inventory/brief-reply.ts'
import type { AdjustRequest } from '../../src/inventory/partition/adjustment.ts'
import type { AlarmWorkPorts } from '../../src/inventory/partition/alarm-work.ts'
import { listedStock } from '../../src/inventory/partition/listed-stock.ts'
import { StockPartition, type StockReply } from '../../src/inventory/partition/stock-partition.ts'
import type { Product } from '../../src/inventory/product.ts'
import type { ProductFeedRequest, ProductPlace } from '../../src/inventory/product-feed.ts'
import type { StockCommand } from '../../src/inventory/stock.ts'
import { rememberSetting } from '../../src/messaging/fixed-setting.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import { createListFilling, type ListFilling } from '../../src/messaging/list-filling.ts'
import type { Departure } from '../../src/messaging/row-departures.ts'
import { unlistMovements, writeCatalogue, writeLedger } from './ledger.ts'
import { FIRST_PARTITION, readInventorySettings, stockPartitionsSetting } from './settings.ts'

/** A stock partition on Cloudflare. Its rules are in `StockPartition`, and in the filling of its lists. */
export class StockObject extends DurableObject<InventoryEnv> {
  readonly #durable: DurableHost
  readonly #partition: StockPartition
  readonly #filling: ListFilling
  readonly #measure: () => Sample[]

  constructor(ctx: DurableObjectState, env: InventoryEnv) {
    super(ctx, env)
    const settings = validSettings(readInventorySettings(env))
    this.#durable = createDurableHost(
      ctx,
      createPublisher({ order: env.ORDER_INBOX, operations: env.OPERATIONS_INBOX }, settings.messages),
      createLog('inventory'),
    )
    const remember = keepSetting(ctx, {
      host: this.#durable.host,
      setting: stockPartitionsSetting(String(settings.partitionCount)),
      namespace: env.STOCK,
      first: FIRST_PARTITION,
    })
    const list: AlarmWorkPorts['list'] = ({ rows, products }) =>
      within(
        PORT_TIMEOUT_MS,
        'writing the ledger',
        Promise.all([writeLedger(env.INVENTORY_DB, rows), writeCatalogue(env.INVENTORY_DB, products)]).then(
          () => {},
        ),
      )
    this.#partition = new StockPartition({
      host: this.#durable.host,
      list,
      unlist: (keys) =>
        within(PORT_TIMEOUT_MS, 'taking movements off the ledger', unlistMovements(env.INVENTORY_DB, keys)),
      keysAnHourMax: settings.keysAnHourMax,
    })
    this.#filling = createListFilling({
      host: this.#durable.host,
      partition: ctx.id.name ?? '',
      source: listedStock({ list, announce: (products) => this.#partition.announce(products) }),
    })
    this.#filling.wakeForDue()
    this.#measure = createMeasure(ctx, () => this.#partition.measure())
    remember()
  }

  /** Only on the first partition: throws where products were placed under another count. */
  keepTo(count: string): void {
    rememberSetting(this.#durable.host, stockPartitionsSetting(count))
  }

  /** Whole reservations for Workers of the version before, which pass no `form`. */
  apply(commands: readonly StockCommand[], form?: 'brief'): (StockReply | BriefReservation)[] {
    const replies = this.#partition.apply(commands)
    return form === undefined ? replies : toBriefReplies(replies, commands)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  note(factIds: readonly string[]) {
    this.#partition.acknowledge(factIds)
  }

  /** Objects of an earlier version do not have it: the event comes again. */
  letGo(departure: Departure) {
    this.#partition.letGo(departure)
  }

  putProduct(product: Omit<Product, 'revision'>, traceparent?: string) {
    return this.#partition.putProduct(product, traceparent)
  }

  adjust(request: AdjustRequest) {
    return this.#partition.adjust(request)
  }

  product(productId: string) {
    return this.#partition.product(productId)
  }

  reservation(orderId: string) {
    return this.#partition.reservation(orderId)
  }

  levels(after: string, limit: number) {
    return this.#partition.levels(after, limit)
  }

  /** For the audit. Objects of an earlier version do not have it, nor the next one. */
  reservationsAfter(orderId: string, limit: number) {
    return this.#partition.reservationsAfter(orderId, limit)
  }

  walk(walk: StockWalk) {
    return this.#partition.walk(walk)
  }

  /** A page of the product feed. The first read switches the feed on. Objects of an earlier version do not have it, nor the next two. */
  feed(request: ProductFeedRequest) {
    return this.#partition.feed.read(request)
  }

  /** Waits until there may be more in the product feed than at this place, at the latest for `withinMs`. */
  untilFed(place: ProductPlace, withinMs: number) {
    return this.#partition.feed.untilNew(place, withinMs)
  }

  /** Switches the product feed off. Returns whether it was on. */
  switchFeedOff() {
    return this.#partition.feed.switchOff()
  }

  /** The place in the product feed of a reader that begins there. Objects of an earlier version do not have it, nor the next one. */
  feedPlaceAt(start: ProductStart, newEpoch: string) {
    return this.#partition.feed.placeAt(start, newEpoch)
  }

  /** What readers at these places do not have yet. */
  feedLags(places: readonly (ProductPlace | undefined)[]) {
    return this.#partition.feed.lagsOf(places)
  }

  /** Lists every movement and every product once more, a portion at each alarm. */
  rebuildList(request?: IdempotentRequest) {
    return this.#filling.restart(request)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  rouse() {
    return this.#durable.rearm(() => {
      this.#partition.wakeForDue()
      this.#filling.wakeForDue()
    })
  }

  /** What the partition counts and measures. Objects of an earlier version do not have it. */
  measure() {
    return this.#measure()
  }

  override alarm() {
    return this.#durable.onAlarm(async () => {
      await Promise.all([this.#partition.wake(), this.#filling.wake()])
    })
  }
}
