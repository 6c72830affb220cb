import { partitionLabels } from '../../../src/kernel/partitions.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { StockObject } from '../../../workers/inventory/index.ts'
import { WebhookObject } from '../../../workers/operations/index.ts'
import { OrderObject } from '../../../workers/order/index.ts'
import { PaymentObject, SimulatedBankObject } from '../../../workers/payment/index.ts'
import { checkSent } from '../invariants/sent-events.ts'
import { SimulatedObject } from '../platform/object/durable-object.ts'
import type { ObjectPorts } from '../platform/object/memory.ts'
import type { TurnsEnd } from '../platform/object/turn.ts'
import type { Outlet, Platform } from '../platform/platform.ts'
import type { Actor } from '../platform/scheduler.ts'
import { ORDER_BYTES, type Setup } from '../world/setup.ts'
import type { AnyEnv } from './environment.ts'
import type { ReadModel } from './read-models.ts'
import { STORAGE_KEY } from './storage-key.ts'

const CLOCK_SKEW_MS_MAX = 5_000

/** They see each partition when turns of it have ended, and each write to a read model. */
export type Observers = {
  order(sql: Sql, end: TurnsEnd): void
  stock(sql: Sql, end: TurnsEnd): void
  payment(sql: Sql, end: TurnsEnd): void
  listed(readModel: ReadModel): void
}

type PartitionPorts = {
  cloud: Actor
  setup: Setup
  observers: Observers
  /** Gives an empty database for the life of this world. */
  borrow(kind: string): Sql
  bindings(outlet: Outlet): AnyEnv
}

/** The partitions of all services, in the classes that are deployed. The clock of each is a little wrong. */
export const createPartitions = (platform: Platform, ports: PartitionPorts) => {
  const { cloud, setup, observers, borrow, bindings } = ports
  const sent = checkSent((invariant, detail) => platform.violated(invariant, detail))
  const clocks = platform.stream('clocks')
  const skewed = <Instance extends { alarm?(): unknown }>(object: ObjectPorts<Instance>) => {
    const skewMs = clocks.between(-CLOCK_SKEW_MS_MAX, CLOCK_SKEW_MS_MAX)
    return new SimulatedObject<Instance>(platform, cloud, object, skewMs)
  }
  const labels = partitionLabels(setup.orderPartitions)

  const createOrders = (label: string) => {
    const sql = borrow('orders')
    return skewed<OrderObject>({
      ...{ name: `orders-${label}`, sql, onEnd: (end) => observers.order(sql, end) },
      sizeBytes: () => countOrders(sql) * ORDER_BYTES,
      create: (state, outlet) => new OrderObject(state, bindings({ ...outlet, onSend: sent.byOrders(sql) })),
    })
  }
  const createStock = (index: number) => {
    const sql = borrow('stock')
    return skewed<StockObject>({
      ...{ name: `stock-${index}`, sql, onEnd: (end) => observers.stock(sql, end) },
      create: (state, outlet) => new StockObject(state, bindings({ ...outlet, onSend: sent.byStock(sql) })),
    })
  }
  const createPayments = (label: string) => {
    const sql = borrow('payments')
    return skewed<PaymentObject>({
      ...{ name: `payments-${label}`, sql, onEnd: (end) => observers.payment(sql, end) },
      create: (state, outlet) =>
        new PaymentObject(state, bindings({ ...outlet, onSend: sent.byPayments(sql) })),
    })
  }
  const createBank = (label: string) =>
    new SimulatedObject<SimulatedBankObject>(
      platform,
      cloud,
      {
        ...{ name: `bank-${label}`, sql: borrow('bank') },
        create: (state, outlet) => new SimulatedBankObject(state, bindings(outlet)),
      },
      0,
    )
  const createWebhooks = () =>
    skewed<WebhookObject>({
      ...{ name: 'webhooks', sql: borrow('webhooks') },
      create: (state, outlet) => new WebhookObject(state, Object.assign(bindings(outlet), { STORAGE_KEY })),
    })

  const orders = byName(labels.map(createOrders))
  const stock = byName(Array.from({ length: setup.stockPartitions }, (_, index) => createStock(index)))
  const payments = byName(labels.map(createPayments))
  const banks = byName(labels.map(createBank))
  return { orders, stock, payments, banks, webhooks: createWebhooks() }
}

export const countOrders = (sql: Sql): number =>
  sql<{ orders: number }>('SELECT count(*) AS orders FROM orders')[0]?.orders ?? 0

export type Partitions = ReturnType<typeof createPartitions>

export const byName = <Each extends { name: string }>(objects: readonly Each[]): ReadonlyMap<string, Each> =>
  new Map(objects.map((object) => [object.name, object]))
