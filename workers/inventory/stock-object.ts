import { DurableObject } from 'cloudflare:workers'
import { createLog } from '../../src/cloudflare/log.ts'
import { createMeasure } from '../../src/cloudflare/metrics.ts'
import { createDurableHost, type DurableHost, PORT_TIMEOUT_MS } from '../../src/cloudflare/partition-host.ts'
import { createPublisher } from '../../src/cloudflare/publisher.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { within } from '../../src/cloudflare/within.ts'
import { keepSetting } from '../../src/cloudflare/witness.ts'
import type { Sample } from '../../src/contracts/metrics.ts'
import { type BriefReservation, toBrief } from '../../src/inventory/brief-reply.ts'
import type { AdjustRequest } from '../../src/inventory/partition/adjustment.ts'
import { StockPartition } from '../../src/inventory/partition/stock-partition.ts'
import type { Product } from '../../src/inventory/product.ts'
import type { Reservation, StockCommand } from '../../src/inventory/stock.ts'
import { rememberSetting } from '../../src/messaging/fixed-setting.ts'
import { writeCatalogue, writeLedger } from './ledger.ts'
import { FIRST_PARTITION, readInventorySettings, stockPartitionsSetting } from './settings.ts'

/** A stock partition on Cloudflare. Its rules are in `StockPartition`. */
export class StockObject extends DurableObject<InventoryEnv> {
  readonly #durable: DurableHost
  readonly #partition: StockPartition
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
    this.#partition = new StockPartition({
      host: this.#durable.host,
      list: ({ rows, products }) =>
        within(
          PORT_TIMEOUT_MS,
          'writing the ledger',
          Promise.all([writeLedger(env.INVENTORY_DB, rows), writeCatalogue(env.INVENTORY_DB, products)]).then(
            () => {},
          ),
        ),
      keysAnHourMax: settings.keysAnHourMax,
    })
    this.#measure = createMeasure(ctx, () => this.#partition.measure())
    remember()
  }

  /** Only on the first partition: throws where products were placed under another count. */
  keepTo(count: string): void {
    rememberSetting(this.#durable.host, stockPartitionsSetting(count))
  }

  /** Whole reservations for Workers of the version before, which pass no `form`. */
  apply(
    commands: readonly StockCommand[],
    form?: 'brief',
  ): (Reservation | BriefReservation | null | undefined)[] {
    const replies = this.#partition.apply(commands)
    if (form === undefined) return replies
    return commands.map((command, nth) => {
      const reply = replies[nth]
      return reply && toBrief(reply, command)
    })
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  note(factIds: readonly string[]) {
    this.#partition.acknowledge(factIds)
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

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  rouse() {
    return this.#durable.rearm(() => this.#partition.wakeForDue())
  }

  /** What the partition counts and measures. Objects of an earlier version do not have it. */
  measure() {
    return this.#measure()
  }

  override alarm() {
    return this.#durable.onAlarm(() => this.#partition.wake())
  }
}
