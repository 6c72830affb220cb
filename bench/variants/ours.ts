import { resolve } from 'node:path'
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler'
import { BENCH_KEY } from './bench-key.ts'
import type { BenchWorker, Variant } from './variant.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const BENCH_STORAGE_KEY = '5e5f'.repeat(16)

const WORKERS = [
  {
    name: 'edge-orders',
    config: 'wrangler.toml',
    migrations: { ORDERS_DB: 'workers/order/migrations', LISTS_DB: 'workers/order/list-migrations' },
  },
  {
    name: 'edge-orders-inventory',
    config: 'workers/inventory/wrangler.toml',
    migrations: { INVENTORY_DB: 'workers/inventory/migrations' },
  },
  {
    name: 'edge-orders-payment',
    config: 'workers/payment/wrangler.toml',
    migrations: { PAYMENTS_DB: 'workers/payment/migrations' },
  },
  {
    name: 'edge-orders-operations',
    config: 'workers/operations/wrangler.toml',
    migrations: { OPERATIONS_DB: 'workers/operations/migrations' },
  },
] as const

/** The system as it is deployed: its real configuration files, its own Workers, the simulated bank. */
export const ours: Variant = {
  name: 'ours',
  summary: 'edge-orders as it is deployed',
  workers: () => WORKERS.map(({ name, config, migrations }) => workerOf(name, config, migrations)),
  stock: (products) =>
    products.flatMap(({ productId, quantity }) => [
      {
        method: 'PUT',
        path: `/products/${productId}`,
        body: { name: 'Bench', unitPrice: 1, currency: 'USD' },
      },
      {
        method: 'POST',
        path: `/inventory/${productId}/adjustments`,
        body: { delta: quantity, reason: 'receipt' },
      },
    ]),
}

const workerOf = (name: string, config: string, migrations: Record<string, string>): BenchWorker => {
  const { workerOptions, main } = workerOptionsOf(resolve(ROOT, config))
  if (main === undefined) throw new Error(`${config} names no main file.`)
  const { bindings, d1Databases, modulesRules: _bundled, ...options } = workerOptions
  return {
    name,
    entry: main,
    migrations,
    options: {
      ...options,
      bindings: {
        ...(bindings ?? {}),
        BOOTSTRAP_KEY: BENCH_KEY,
        STORAGE_KEY: BENCH_STORAGE_KEY,
        PAYMENT_GATEWAY: 'simulator',
      },
      d1Databases: Object.fromEntries(Object.keys(d1Databases ?? {}).map((binding) => [binding, binding])),
    },
  }
}
