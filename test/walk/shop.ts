import { timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse, type TomlTable } from 'smol-toml'
import inventoryWorker, { StockObject } from '../../workers/inventory/index.ts'
import { createStockPartitions } from '../../workers/inventory/stock-partitions.ts'
import operationsWorker, { WebhookObject } from '../../workers/operations/index.ts'
import orderWorker, { OrderObject } from '../../workers/order/index.ts'
import paymentWorker, { PaymentObject, SimulatedBankObject } from '../../workers/payment/index.ts'
import { createInMemoryD1 } from '../support/in-memory-d1.ts'
import { namespaceOf } from './objects.ts'
import { createQueues, untilEmpty } from './queues.ts'

const BOOTSTRAP_KEY = 'a-key-for-one-walk'
const PRODUCT_ID = 'walk'
const SCOPES = ['orders:read', 'orders:write']

/** Node has no such method; workerd has. */
Object.assign(crypto.subtle, {
  timingSafeEqual: (left: ArrayBuffer, right: ArrayBuffer) =>
    timingSafeEqual(new Uint8Array(left), new Uint8Array(right)),
})

/** All Workers on this thread, as their configuration says, with one product and an API key of a shop. */
export const createShop = async ({ units = 100 } = {}) => {
  const queues = createQueues()
  const underWay: Promise<unknown>[] = []
  const background = { add: (work: Promise<unknown>) => void underWay.push(work) }
  const context = { waitUntil: background.add, passThroughOnException: () => {}, props: {} } as never
  const env = createEnvironment(queues)
  const namespaces = {
    ORDERS: namespaceOf(OrderObject, env, background),
    STOCK: namespaceOf(StockObject, env, background),
    PAYMENTS: namespaceOf(PaymentObject, env, background),
    SIMULATED_BANK: namespaceOf(SimulatedBankObject, env, background),
    WEBHOOKS: namespaceOf(WebhookObject, env, background),
  }
  Object.assign(env, namespaces)
  const deliverAll = () =>
    untilEmpty(async () => {
      while (underWay.length > 0) await Promise.all(underWay.splice(0))
      return await queues.deliver({
        order: async (batch) => await orderWorker.queue(batch, env),
        inventory: async (batch) => await inventoryWorker.queue(batch, env),
        payment: async (batch) => await paymentWorker.queue(batch, env),
        operations: async (batch) => await operationsWorker.queue(batch, env, context),
      })
    })
  const callWith = async (key: string, method: string, path: string, body?: object) => {
    const response = await orderWorker.fetch(requestFor({ key, method, path, body }) as never, env, context)
    const view = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(view)}`)
    return view
  }
  await launchProduct(env, units)
  await deliverAll()
  const { key } = await callWith(BOOTSTRAP_KEY, 'POST', '/keys', { client: 'shop', scopes: SCOPES })
  return {
    productId: PRODUCT_ID,
    deliverAll,
    ringDueAlarms: async () => {
      for (const { ringDue } of Object.values(namespaces)) await ringDue()
    },
    call: (method: string, path: string, body?: object) => callWith(String(key), method, path, body),
  }
}

export type Shop = Awaited<ReturnType<typeof createShop>>

type AnyEnv = OrderEnv & InventoryEnv & PaymentEnv & OperationsEnv

const createEnvironment = (queues: ReturnType<typeof createQueues>): AnyEnv => {
  const unlimited = { limit: async () => ({ success: true }) }
  return {
    ...varsIn('wrangler.toml'),
    ...varsIn('workers/inventory/wrangler.toml'),
    ...varsIn('workers/payment/wrangler.toml'),
    ...varsIn('workers/operations/wrangler.toml'),
    PAYMENT_GATEWAY: 'simulator',
    BOOTSTRAP_KEY,
    STORAGE_KEY: '5e5f'.repeat(16),
    ORDERS_DB: createInMemoryD1('order').database,
    LISTS_DB: createInMemoryD1('order', { folder: 'list-migrations' }).database,
    INVENTORY_DB: createInMemoryD1('inventory').database,
    PAYMENTS_DB: createInMemoryD1('payment').database,
    OPERATIONS_DB: createInMemoryD1('operations').database,
    ORDER_INBOX: queues.binding('order'),
    INVENTORY_INBOX: queues.binding('inventory'),
    PAYMENT_INBOX: queues.binding('payment'),
    OPERATIONS_INBOX: queues.binding('operations'),
    ...{ CLIENT_REQUESTS: unlimited, CLIENT_BATCHED_ORDERS: unlimited, KEY_GUESSES: unlimited },
    INVENTORY: { fetch: async () => Response.json({}) },
  } as unknown as AnyEnv
}

const varsIn = (path: string) => {
  const { vars } = parse(readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8'))
  return vars as TomlTable
}

type Sent = { key: string; method: string; path: string; body: object | undefined }

const requestFor = ({ key, method, path, body }: Sent): Request =>
  new Request(`https://shop.example${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'cf-connecting-ip': '192.0.2.1',
    },
    ...(body && { body: JSON.stringify(body) }),
  })

const launchProduct = async ({ STOCK, STOCK_PARTITIONS }: InventoryEnv, units: number): Promise<void> => {
  const partition = createStockPartitions(STOCK, Number(STOCK_PARTITIONS)).of(PRODUCT_ID)
  await partition.putProduct({ productId: PRODUCT_ID, name: 'Walk', unitPriceMinor: 500, currency: 'USD' })
  await partition.adjust({
    adjustmentId: 'receipt',
    productId: PRODUCT_ID,
    delta: units,
    reason: 'receipt',
    request: undefined,
  })
}
