import type { Service } from '../../../src/contracts/topology.ts'
import { partitionCountsText } from '../../../src/kernel/partitions.ts'
import type { StockObject } from '../../../workers/inventory/index.ts'
import type { WebhookObject } from '../../../workers/operations/index.ts'
import type { OrderObject } from '../../../workers/order/index.ts'
import type { PaymentObject } from '../../../workers/payment/index.ts'
import type { SimulatedObject } from '../platform/object/durable-object.ts'
import type { Outlet } from '../platform/platform.ts'
import type { SimulatedQueue } from '../platform/queue.ts'
import { ORDER_BYTES, type Setup } from '../world/setup.ts'
import type { SystemArchive } from './archive.ts'
import type { ReadModel } from './read-models.ts'
import { namespaceOf } from './stubs.ts'

type Objects<Instance extends { alarm?(): unknown }> = ReadonlyMap<string, SimulatedObject<Instance>>

/** The parts that the bindings of a world lead to. */
type Parts = {
  orders: Objects<OrderObject>
  stock: Objects<StockObject>
  payments: Objects<PaymentObject>
  bank(outlet: Outlet): object
  webhooks: Objects<WebhookObject>
  readModels: Record<ReadModel, { binding(outlet: Outlet): D1Database }>
  inboxes: Record<Service, SimulatedQueue>
  webhookQueue: SimulatedQueue
  archive: SystemArchive
  setup: Setup
}

export type AnyEnv = OrderEnv & InventoryEnv & PaymentEnv & OperationsEnv

const orderStubs = namespaceOf<OrderObject>([
  ...(['place', 'placeAll', 'refuseExternal', 'placeExternal', 'stepOfKey', 'cancel', 'named'] as const),
  ...(['answer', 'want', 'note', 'get', 'events', 'replay', 'rouse', 'keepTo', 'eraseCustomer'] as const),
  ...(['acknowledgeBy', 'booksAfter', 'booksOf'] as const),
  ...(['feed', 'switchFeedOff', 'feedPlaceAt'] as const),
  ...(['feedConsumers', 'removeFeedConsumer'] as const),
  ...(['putFeedConsumer', 'leaseFeedConsumer', 'commitFeedConsumer', 'adjustFeedConsumer'] as const),
])
const stockStubs = namespaceOf<StockObject>([
  ...(['apply', 'note', 'letGo', 'putProduct', 'adjust', 'product', 'levels', 'rouse', 'keepTo'] as const),
  ...(['walk', 'reservationsAfter'] as const),
  ...(['feed', 'switchFeedOff', 'feedPlaceAt'] as const),
])
const paymentStubs = namespaceOf<PaymentObject>([
  'begin',
  'record',
  'questionFor',
  'applyNews',
  'requestRefund',
  'get',
  'note',
  'letGo',
  'rouse',
  'keepTo',
  'booksAfter',
  'booksOf',
])
const webhookStubs = namespaceOf<WebhookObject>([
  ...(['accept', 'note', 'begin', 'record', 'rouse', 'remind'] as const),
  ...(['register', 'answer', 'change', 'webhook', 'untilNoted'] as const),
])

/** The environment of an invocation. It may park events in a queue of dead letters. */
export type EnvironmentFor = (outlet: Outlet, deadLetters?: SimulatedQueue) => AnyEnv

/**
 * One environment for all Workers. Each Worker reads what its configuration gives it, and a binding is made when it is
 * read.
 */
export const createEnvironment = ({
  orders,
  stock,
  payments,
  bank,
  readModels,
  inboxes,
  setup,
  ...parts
}: Parts) => {
  class Environment {
    readonly #outlet: Outlet
    readonly #deadLetters: SimulatedQueue | undefined
    readonly ORDER_PARTITIONS = partitionCountsText(setup.orderPartitions)
    readonly ORDER_PARTITION_BYTES_MAX = String(setup.ordersPerPartition * ORDER_BYTES)
    readonly STOCK_PARTITIONS = String(setup.stockPartitions)
    readonly ORDER_DEADLINE_SECONDS = String(setup.deadlineMs / 1_000)
    readonly PAYMENT_GATEWAY = setup.bank === 'stripe' ? 'stripe' : 'simulator'
    readonly STRIPE_SECRET_KEY = 'sk_test_mock'
    readonly STRIPE_TEST_MODE = 'true'
    readonly DEFAULT_CURRENCY = 'USD'
    readonly LINGER_MS = String(setup.lingerMs)
    readonly BOOTSTRAP_KEY = 'simulation-key'
    readonly DEMO_CATALOGUE = 'false'
    readonly WEBHOOKS_ALLOW_LOCAL = 'true'

    constructor(outlet: Outlet, deadLetters: SimulatedQueue | undefined) {
      this.#outlet = outlet
      this.#deadLetters = deadLetters
    }

    get ORDERS() {
      return orderStubs(orders, this.#outlet.actor)
    }
    get STOCK() {
      return stockStubs(stock, this.#outlet.actor)
    }
    get PAYMENTS() {
      return paymentStubs(payments, this.#outlet.actor)
    }
    get SIMULATED_BANK() {
      return bank(this.#outlet)
    }
    get WEBHOOKS() {
      return webhookStubs(parts.webhooks, this.#outlet.actor)
    }
    get WEBHOOK_DELIVERIES() {
      return parts.webhookQueue.binding(this.#outlet)
    }
    get ORDERS_DB() {
      return readModels.order.binding(this.#outlet)
    }
    get LISTS_DB() {
      return readModels.lists.binding(this.#outlet)
    }
    get INVENTORY_DB() {
      return readModels.inventory.binding(this.#outlet)
    }
    get PAYMENTS_DB() {
      return readModels.payment.binding(this.#outlet)
    }
    get OPERATIONS_DB() {
      return readModels.operations.binding(this.#outlet)
    }
    get ORDER_INBOX() {
      return inboxes.order.binding(this.#outlet)
    }
    get INVENTORY_INBOX() {
      return inboxes.inventory.binding(this.#outlet)
    }
    get PAYMENT_INBOX() {
      return inboxes.payment.binding(this.#outlet)
    }
    get OPERATIONS_INBOX() {
      return inboxes.operations.binding(this.#outlet)
    }
    /** Bound with the retention. */
    get ARCHIVE() {
      return parts.archive.retentionDays === 0 ? undefined : parts.archive.bucket.binding(this.#outlet)
    }
    get RETENTION_DAYS() {
      return String(parts.archive.retentionDays)
    }
    get DEAD_LETTERS() {
      return this.#deadLetters?.binding(this.#outlet)
    }
  }
  return (outlet: Outlet, deadLetters?: SimulatedQueue): AnyEnv =>
    new Environment(outlet, deadLetters) as unknown as AnyEnv
}
