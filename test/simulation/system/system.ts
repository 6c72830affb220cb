import { createHash } from 'node:crypto'
import { labelOfOrder, partitionIndex } from '../../../src/kernel/partitions.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { InternalApi as InventoryApi } from '../../../workers/inventory/index.ts'
import { createStockPartitions } from '../../../workers/inventory/stock-partitions.ts'
import { booksOf } from '../../../workers/order/edge/routes/audit.ts'
import { createOrderPartitions } from '../../../workers/order/order-partitions.ts'
import { InternalApi as PaymentApi } from '../../../workers/payment/index.ts'
import { createPaymentPartitions } from '../../../workers/payment/payment-partitions.ts'
import { checkEveryStored } from '../../support/check-stored.ts'
import { type Database, giveBack, takeDatabase } from '../platform/databases.ts'
import { type BankProfile, HostileBank } from '../platform/hostile-bank.ts'
import type { Outlet, Platform } from '../platform/platform.ts'
import type { Receiver } from '../platform/receiver.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { Setup } from '../world/setup.ts'
import { createArchive } from './archive.ts'
import { createBankBinding } from './bank.ts'
import { runCronTriggers, startConsumers } from './consumers.ts'
import { createEnvironment, type EnvironmentFor } from './environment.ts'
import type { ServiceOutage } from './outage-effect.ts'
import { byName, createPartitions, type Observers, type Partitions } from './partitions.ts'
import { createQueues } from './queues.ts'
import { createReadModels } from './read-models.ts'
import type { createStripe } from './stripe.ts'

type World = {
  cloud: Actor
  setup: Setup
  receiver: Receiver
  /** Given where the bank is Stripe. */
  createStripe?: typeof createStripe | undefined
}

/** The whole system as it is deployed, Workers and Durable Objects in their own classes, over a simulated platform. */
export const createSystem = (
  platform: Platform,
  { cloud, setup, receiver, ...world }: World,
  { observers, profileOf }: { observers: Observers; profileOf(orderId: string): BankProfile },
) => {
  checkEveryStored()
  const state: { serviceOutage: ServiceOutage | undefined } = { serviceOutage: undefined }
  const { borrow, giveAllBack } = createLoans()
  const queues = createQueues(platform, cloud, setup.batching)
  const afterWrite = observers.listed
  const readModels = createReadModels(platform, { cloud, borrow, afterWrite })
  const archive = createArchive(platform, cloud, () => orders)
  const hostileBank = new HostileBank(platform, profileOf)
  const bindings = (outlet: Outlet) => environmentFor(outlet)
  const partitions: Partitions = createPartitions(platform, { cloud, setup, observers, borrow, bindings })
  const { orders, stock, payments, banks, webhooks } = partitions
  const bank = createBankBinding(platform, { cloud, setup, hostileBank, banks: () => banks })
  const environmentFor: EnvironmentFor = createEnvironment({
    ...{ orders, stock, payments, bank, webhooks: byName([webhooks]) },
    ...{ readModels, ...queues, archive, setup },
  })
  const stripe = world.createStripe?.(platform, { cloud, environmentFor, profileOf })
  const serviceOutage = () => state.serviceOutage
  const consumers = startConsumers(platform, { queues, environmentFor, serviceOutage })
  const objects = [...orders.values(), ...stock.values(), ...payments.values(), webhooks]
  return Object.assign(state, {
    ...{ setup, receiver, hostileBank, stripe, readModels, archive },
    ...queues,
    ...partitions,
    partitionsFor: (outlet: Outlet) => partitionsOf(bindings(outlet), setup),
    booksFor: (outlet: Outlet) => booksOfServices(bindings(outlet), setup),
    labelOf: (orderId: string) => labelOfOrder(orderId, setup.orderPartitions),
    stockOf: (productId: string) => stock.get(`stock-${partitionIndex(productId, setup.stockPartitions)}`),
    partitions: () => objects,
    runCronTriggers: () => runCronTriggers(platform, environmentFor),
    killInvocations: () => consumers.killAll(),
    close: () => {
      for (const object of [...objects, ...banks.values()]) object.close()
      giveAllBack()
    },
  })
}

export type System = ReturnType<typeof createSystem>

/** The partitions as a Worker in front of them sees them. */
const partitionsOf = (env: ReturnType<EnvironmentFor>, { orderPartitions, stockPartitions }: Setup) => ({
  orders: createOrderPartitions(env.ORDERS, orderPartitions, sha256),
  stock: createStockPartitions(env.STOCK, stockPartitions),
  payments: createPaymentPartitions(env, orderPartitions),
  webhooks: env.WEBHOOKS.getByName('webhooks'),
})

/** The books of all services, as the audit reads them at the edge. */
const booksOfServices = (env: ReturnType<EnvironmentFor>, setup: Setup) => {
  const inner = { INVENTORY: new InventoryApi(CONTEXT, env), PAYMENT: new PaymentApi(CONTEXT, env) }
  return booksOf(inner as unknown as OrderEnv, partitionsOf(env, setup).orders)
}

const CONTEXT = { waitUntil: () => {} } as unknown as ExecutionContext

/** Databases that the next world can use again. */
const createLoans = () => {
  const borrowed: { kind: string; database: Database }[] = []
  return {
    borrow: (kind: string): Sql => {
      const database = takeDatabase(kind)
      borrowed.push({ kind, database })
      return database.sql
    },
    giveAllBack: () => {
      for (const { kind, database } of borrowed) giveBack(kind, database)
    },
  }
}

/** The digest is there at once. One that took time would come in an order that no seed decides. */
const sha256 = async (text: string) => new Uint8Array(createHash('sha256').update(text).digest())
