import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Subscriber } from '../../src/contracts/topology.ts'
import { labelOfOrder, partitionIndex, partitionLabels } from '../../src/kernel/partitions.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import inventoryWorker, { StockObject } from '../../workers/inventory/index.ts'
import { createStockPartitions } from '../../workers/inventory/stock-partitions.ts'
import operationsWorker, { WebhookObject } from '../../workers/operations/index.ts'
import orderWorker, { OrderObject } from '../../workers/order/index.ts'
import { createOrderPartitions } from '../../workers/order/order-partitions.ts'
import paymentWorker, { PaymentObject, SimulatedBankObject } from '../../workers/payment/index.ts'
import { createPaymentPartitions } from '../../workers/payment/payment-partitions.ts'
import { checkEveryStored } from '../support/check-stored.ts'
import { type BankCore, type BusyKeys, createBankConnection } from './bank-connection.ts'
import { createDatabase } from './database.ts'
import { type Database, giveBack, takeDatabase } from './databases.ts'
import { createEnvironment } from './environment.ts'
import { type BankProfile, HostileBank } from './hostile-bank.ts'
import { checkSent } from './invariants/sent-events.ts'
import { SimulatedObject } from './object/durable-object.ts'
import type { TurnsEnd } from './object/turn.ts'
import { createInvocation, type Outlet, type Platform } from './platform.ts'
import { SimulatedQueue } from './queue.ts'
import { settingsOf } from './queue-settings.ts'
import type { Receiver } from './receiver.ts'
import type { Actor } from './scheduler.ts'
import { cutOff, isAway, type ServiceOutage } from './service-outage.ts'
import type { Setup } from './setup.ts'
import { STORAGE_KEY } from './storage-key.ts'
import { namespaceOf } from './stubs.ts'

const bankStubs = namespaceOf<SimulatedBankObject>(['perform', 'books'])

const CLOCK_SKEW_MS_MAX = 5_000
const SERVICES = ['order', 'inventory', 'payment', 'operations'] as const satisfies readonly Subscriber[]

/** The D1 databases, by the service that reads each; the lists of orders have one of their own. */
export type ReadModel = Subscriber | 'lists'

const readMigrations = (path: string): string => {
  const folder = resolve(import.meta.dirname, '../../workers', path)
  const names = readdirSync(folder).toSorted()
  return names.map((name) => readFileSync(resolve(folder, name), 'utf8')).join('\n')
}
const READ_MODELS: Record<ReadModel, string> = {
  order: readMigrations('order/migrations'),
  lists: readMigrations('order/list-migrations'),
  inventory: readMigrations('inventory/migrations'),
  payment: readMigrations('payment/migrations'),
  operations: readMigrations('operations/migrations'),
}

/** What a batch leaves to go on goes on by itself here. */
const CONTEXT = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext

/** Sees every partition whenever turns of it have ended, and every write to a read model. */
export type Observers = {
  order(sql: Sql, end: TurnsEnd): void
  stock(sql: Sql, end: TurnsEnd): void
  payment(sql: Sql, end: TurnsEnd): void
  listed(readModel: ReadModel): void
}

/** The whole system as it is deployed, Workers and Durable Objects in their own classes, over a simulated platform. */
export const createSystem = (
  platform: Platform,
  { cloud, setup, receiver }: { cloud: Actor; setup: Setup; receiver: Receiver },
  { observers, profileOf }: { observers: Observers; profileOf(orderId: string): BankProfile },
) => {
  checkEveryStored()
  const sent = checkSent((invariant, detail) => platform.violated(invariant, detail))
  const parts: { serviceOutage: ServiceOutage | undefined } = { serviceOutage: undefined }
  const borrowed: { kind: string; database: Database }[] = []
  const borrow = (kind: string): Sql => {
    const database = takeDatabase(kind)
    borrowed.push({ kind, database })
    return database.sql
  }

  const queuesNamed = (suffix: '' | '-dlq') => {
    const made = (service: Subscriber) => {
      const name = `edge-orders-${service}-inbox${suffix}`
      return new SimulatedQueue(platform, {
        cloud,
        name,
        settings: settingsOf(name),
        batching: setup.batching,
      })
    }
    return {
      order: made('order'),
      inventory: made('inventory'),
      payment: made('payment'),
      operations: made('operations'),
    }
  }
  const inboxes = queuesNamed('')
  const deadLetters = queuesNamed('-dlq')
  for (const service of SERVICES) inboxes[service].deadLetterTo(deadLetters[service])

  const webhookQueue = new SimulatedQueue(platform, {
    cloud,
    name: 'edge-orders-webhooks',
    settings: settingsOf('edge-orders-webhooks'),
    batching: setup.batching,
  })

  const migrated = (service: ReadModel): Sql => {
    const sql = borrow(`read model of ${service}`)
    const isNew = sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1").length === 0
    if (isNew) sql(READ_MODELS[service])
    return sql
  }
  const readModel = (service: ReadModel) => {
    const sql = migrated(service)
    const hooks = { cloud, afterWrite: () => observers.listed(service), replica: () => migrated(service) }
    return { sql, binding: createDatabase(platform, service, sql, hooks) }
  }
  const readModels = {
    order: readModel('order'),
    lists: readModel('lists'),
    inventory: readModel('inventory'),
    payment: readModel('payment'),
    operations: readModel('operations'),
  }

  const clocks = platform.stream('clocks')
  const skewMs = () => clocks.between(-CLOCK_SKEW_MS_MAX, CLOCK_SKEW_MS_MAX)
  const labels = partitionLabels(setup.orderPartitions)
  const orders = byName(
    labels.map((label) => {
      const sql = borrow('orders')
      return new SimulatedObject<OrderObject>(
        platform,
        cloud,
        {
          name: `orders-${label}`,
          sql,
          create: (state, outlet) =>
            new OrderObject(state, bindings({ ...outlet, onSend: sent.byOrders(sql) })),
          onEnd: (end) => observers.order(sql, end),
        },
        skewMs(),
      )
    }),
  )
  const stock = byName(
    Array.from({ length: setup.stockPartitions }, (_, index) => {
      const sql = borrow('stock')
      return new SimulatedObject<StockObject>(
        platform,
        cloud,
        {
          name: `stock-${index}`,
          sql,
          create: (state, outlet) =>
            new StockObject(state, bindings({ ...outlet, onSend: sent.byStock(sql) })),
          onEnd: (end) => observers.stock(sql, end),
        },
        skewMs(),
      )
    }),
  )
  const payments = byName(
    labels.map((label) => {
      const sql = borrow('payments')
      return new SimulatedObject<PaymentObject>(
        platform,
        cloud,
        {
          name: `payments-${label}`,
          sql,
          create: (state, outlet) =>
            new PaymentObject(state, bindings({ ...outlet, onSend: sent.byPayments(sql) })),
          onEnd: (end) => observers.payment(sql, end),
        },
        skewMs(),
      )
    }),
  )
  const banks = byName(
    labels.map((label) => {
      const create = (state: DurableObjectState, outlet: Outlet) =>
        new SimulatedBankObject(state, bindings(outlet))
      const ports = { name: `bank-${label}`, sql: borrow('bank'), create }
      return new SimulatedObject<SimulatedBankObject>(platform, cloud, ports, 0)
    }),
  )

  const webhooks = new SimulatedObject<WebhookObject>(
    platform,
    cloud,
    {
      name: 'webhooks',
      sql: borrow('webhooks'),
      create: (state, outlet) => new WebhookObject(state, Object.assign(bindings(outlet), { STORAGE_KEY })),
    },
    skewMs(),
  )

  const hostileBank = new HostileBank(platform, profileOf)
  const hostileCore: BankCore = {
    perform: async (calls) =>
      calls.map((call) => ({ answer: hostileBank.perform(call), delayMs: 0, isLost: false })),
    books: async (orderId) => ({ entries: hostileBank.records(orderId) }),
  }
  const busy: BusyKeys = new Set()
  const bank = (outlet: Outlet) => ({
    getByName: (name: string) => {
      const coreFor = (caller: Actor) =>
        setup.bank === 'hostile' ? hostileCore : (bankStubs(banks, caller).getByName(name) as BankCore)
      return createBankConnection(platform, { cloud, busy, outlet }, coreFor)
    },
  })

  const environmentFor = createEnvironment({
    ...{ orders, stock, payments, bank, webhooks: byName([webhooks]) },
    ...{ readModels, inboxes, webhookQueue, setup },
  })
  const bindings = (outlet: Outlet) => environmentFor(outlet)

  const workers = {
    order: orderWorker,
    inventory: inventoryWorker,
    payment: paymentWorker,
    operations: operationsWorker,
  }
  const handlers: Record<Subscriber, (batch: MessageBatch, outlet: Outlet) => unknown> = {
    order: (batch, outlet) => orderWorker.queue(batch, withDeadLetters('order', outlet)),
    inventory: (batch, outlet) => inventoryWorker.queue(batch, withDeadLetters('inventory', outlet)),
    payment: (batch, outlet) => paymentWorker.queue(batch, withDeadLetters('payment', outlet)),
    operations: (batch, outlet) =>
      operationsWorker.queue(batch, withDeadLetters('operations', outlet), CONTEXT),
  }
  const withDeadLetters = (service: Subscriber, outlet: Outlet) => {
    const env = environmentFor(outlet, deadLetters[service])
    return isAway(parts.serviceOutage, service, platform.scheduler.now) ? cutOff(env) : env
  }
  const handle = async (service: Subscriber, batch: MessageBatch, outlet: Outlet): Promise<void> => {
    const { serviceOutage } = parts
    if (serviceOutage?.how === 'throws' && isAway(serviceOutage, service, platform.scheduler.now))
      throw new Error(`${service} is away`)
    await handlers[service](batch, outlet)
  }

  const running = new Set<() => void>()
  const invoke = (service: Subscriber) => {
    let invocations = 0
    return (batch: MessageBatch) => {
      invocations += 1
      const invocation = createInvocation(platform, `${service} worker ${invocations}`)
      const { promise: killed, resolve } = Promise.withResolvers<void>()
      const kill = () => {
        running.delete(kill)
        platform.trace(invocation.actor.name, () => 'is killed')
        invocation.kill()
        resolve()
      }
      invocation.actor.beforeResume = () => {
        if (invocation.actor.isAlive() && platform.faults.hits('workerKilled')) kill()
      }
      running.add(kill)
      platform.scheduler.become(invocation.actor)
      const ended = handle(service, batch, invocation)
      void ended.finally(() => running.delete(kill)).catch(() => {})
      return { ended, killed, kill }
    }
  }
  for (const service of SERVICES) {
    inboxes[service].consumeWith(invoke(service))
    deadLetters[service].consumeWith(invoke('operations'))
  }
  webhookQueue.consumeWith(invoke('operations'))

  const objects = [...orders.values(), ...stock.values(), ...payments.values(), webhooks]
  return Object.assign(parts, {
    setup,
    inboxes,
    deadLetters,
    orders,
    stock,
    payments,
    banks,
    webhooks,
    webhookQueue,
    receiver,
    hostileBank,
    readModels,
    /** The partitions as a Worker in front of them sees them. */
    partitionsFor: (outlet: Outlet) => {
      const env = bindings(outlet)
      return {
        orders: createOrderPartitions(env.ORDERS, setup.orderPartitions, sha256),
        stock: createStockPartitions(env.STOCK, setup.stockPartitions),
        payments: createPaymentPartitions(env, setup.orderPartitions),
        webhooks: env.WEBHOOKS.getByName('webhooks'),
      }
    },
    labelOf: (orderId: string) => labelOfOrder(orderId, setup.orderPartitions),
    stockOf: (productId: string) => stock.get(`stock-${partitionIndex(productId, setup.stockPartitions)}`),
    partitions: () => objects,
    /** What the cron triggers do. */
    runCronTriggers: () => {
      const controller = {} as ScheduledController
      for (const service of SERVICES) {
        const outlet = createInvocation(platform, `${service} trigger`)
        platform.scheduler.become(outlet.actor)
        void workers[service].scheduled(controller, bindings(outlet))
      }
    },
    /** Whatever the Workers are doing ends here. */
    killInvocations: () => {
      for (const kill of [...running]) kill()
    },
    close: () => {
      for (const object of [...objects, ...banks.values()]) object.close()
      for (const { kind, database } of borrowed) giveBack(kind, database)
    },
  })
}

/** At once: a digest that takes its time would come in an order that no seed decides. */
const sha256 = async (text: string) => new Uint8Array(createHash('sha256').update(text).digest())

export type System = ReturnType<typeof createSystem>

const byName = <Each extends { name: string }>(objects: readonly Each[]): ReadonlyMap<string, Each> =>
  new Map(objects.map((object) => [object.name, object]))
