import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler'
import { BENCH_KEY } from './bench-key.ts'
import type { BenchWorker, Variant } from './variant.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Workers refuse a key that is not random. */
const BENCH_STORAGE_KEY = createHash('sha256').update('benchmark').digest('hex')

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

type Named = Pick<Variant, 'name' | 'summary'>

/** Our own Workers with their real configuration files and the simulated bank. `settingsWith` replaces some of their `[vars]`. */
const oursWith = (
  named: Named,
  settingsWith: (receiverUrl: string | undefined) => Record<string, string>,
): Variant => ({
  ...named,
  workers: (receiverUrl) => WORKERS.map((worker) => workerOf(worker, settingsWith(receiverUrl))),
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
})

const workerOf = (
  { name, config, migrations }: (typeof WORKERS)[number],
  settings: Record<string, string>,
): BenchWorker => {
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
        ...settings,
        BOOTSTRAP_KEY: BENCH_KEY,
        STORAGE_KEY: BENCH_STORAGE_KEY,
        PAYMENT_GATEWAY: 'simulator',
      },
      d1Databases: Object.fromEntries(Object.keys(d1Databases ?? {}).map((binding) => [binding, binding])),
    },
  }
}

export const ours = oursWith({ name: 'ours', summary: 'edge-orders as it is deployed' }, () => ({}))

/** What a caller switches on comes from the observers: the feed by reading it, a webhook by registering it. */
export const everything: Variant = {
  ...oursWith(
    {
      name: 'everything',
      summary:
        'edge-orders with metrics, spans, a webhook, the feed and the console in use, and every event logged',
    },
    (receiverUrl) => ({
      EVENT_LOG_SHARE: '1',
      WEBHOOKS_ALLOW_LOCAL: 'true',
      ...(receiverUrl !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: receiverUrl }),
    }),
  ),
  isObserved: true,
}

/** What waiting for each other earns publications in queue operations, and costs orders in milliseconds. */
export const lingers = [0, 5, 10, 15, 20, 40].map((ms) =>
  oursWith({ name: `linger-${ms}`, summary: `edge-orders with LINGER_MS = ${ms}` }, () => ({
    LINGER_MS: String(ms),
  })),
)

/** What more order partitions earn. On one machine they share one thread. */
export const PARTITION_COUNTS = [1, 2, 4, 8] as const

export const orderPartitions = PARTITION_COUNTS.map((count) =>
  oursWith(
    { name: `order-partitions-${count}`, summary: `edge-orders with ORDER_PARTITIONS = ${count}` },
    () => ({ ORDER_PARTITIONS: String(count) }),
  ),
)

/** Past the capacity of its partitions, and not of the machine. */
export const busy: Variant = {
  ...ours,
  ...{ name: 'busy', summary: 'edge-orders whose order partition takes 5 ms for each placement' },
  workers: () =>
    ours
      .workers()
      .map((worker, index) =>
        index === 0 ? { ...worker, entry: resolve(import.meta.dirname, 'busy-order-worker.ts') } : worker,
      ),
}
