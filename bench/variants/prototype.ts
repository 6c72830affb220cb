import { resolve } from 'node:path'
import type { Features } from './prototype/features.ts'
import type { BenchWorker, Variant } from './variant.ts'

const FOLDER = resolve(import.meta.dirname, 'prototype')
const COMPATIBILITY_DATE = '2026-10-20'

/** A reader of Cloudflare's pages finds 10 messages in a batch; 100 is the most there is. */
const BATCH_SIZE = { default: 10, largest: 100 }
/** The documented default is 5 seconds, in each of four hops. No shop would leave it so. */
const BATCH_TIMEOUT_SECONDS = 0

/** A variant of the prototype: three Workers, two queues in front of the legs and one in front of the order Worker. */
export const prototypeVariant = (name: string, summary: string, features: Features): Variant => ({
  name,
  summary,
  workers: () => workersOf(features),
  stock: (products) =>
    products.map(({ productId, quantity }) => ({
      ...{ method: 'PUT', path: `/products/${productId}`, body: { quantity, unitPrice: 1 } },
    })),
})

const ORDER = 'prototype-order'
const INVENTORY = 'prototype-inventory'
const PAYMENT = 'prototype-payment'

const workersOf = (features: Features): BenchWorker[] => {
  const stock = { className: 'StockObject', scriptName: INVENTORY, useSQLite: true }
  return [
    {
      name: ORDER,
      entry: resolve(FOLDER, 'order.ts'),
      options: {
        ...optionsOf('order', features),
        durableObjects: { ORDERS: { className: 'OrderObject', useSQLite: true }, STOCK: stock },
        d1Databases: { ORDERS_DB: 'prototype-orders' },
        queueProducers: { INVENTORY_INBOX: 'inventory', PAYMENT_INBOX: 'payment' },
      },
      migrations: { ORDERS_DB: resolve(FOLDER, 'order-migrations') },
    },
    {
      name: INVENTORY,
      entry: resolve(FOLDER, 'inventory.ts'),
      options: {
        ...optionsOf('inventory', features),
        durableObjects: { STOCK: { className: 'StockObject', useSQLite: true } },
        queueProducers: { ORDER_INBOX: 'order' },
      },
      migrations: {},
    },
    {
      name: PAYMENT,
      entry: resolve(FOLDER, 'payment.ts'),
      options: {
        ...optionsOf('payment', features),
        durableObjects: {
          PAYMENTS: { className: 'PaymentObject', useSQLite: true },
          BANK: { className: 'SimulatedBankObject', useSQLite: true },
        },
        d1Databases: { PAYMENTS_DB: 'prototype-payments' },
        queueProducers: { ORDER_INBOX: 'order' },
      },
      migrations: { PAYMENTS_DB: resolve(FOLDER, 'payment-migrations') },
    },
  ]
}

const optionsOf = (inbox: string, features: Features) => ({
  compatibilityDate: COMPATIBILITY_DATE,
  bindings: { FEATURES: features },
  queueConsumers: {
    [inbox]: {
      maxBatchSize: features.largeBatches ? BATCH_SIZE.largest : BATCH_SIZE.default,
      maxBatchTimeout: BATCH_TIMEOUT_SECONDS,
      maxRetries: 3,
    },
  },
})
