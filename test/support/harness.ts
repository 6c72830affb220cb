import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { createTestHarness, type TestHarness } from 'wrangler'
import { bundledWithFaults } from './built-workers.ts'

const WORKERS = {
  order: { name: 'edge-orders', configPath: 'wrangler.toml', databases: ['ORDERS_DB', 'LISTS_DB'] },
  inventory: {
    name: 'edge-orders-inventory',
    configPath: 'workers/inventory/wrangler.toml',
    databases: ['INVENTORY_DB'],
  },
  payment: {
    name: 'edge-orders-payment',
    configPath: 'workers/payment/wrangler.toml',
    databases: ['PAYMENTS_DB'],
  },
  operations: {
    name: 'edge-orders-operations',
    configPath: 'workers/operations/wrangler.toml',
    databases: ['OPERATIONS_DB'],
  },
} as const

/** Bundled once for a whole test run by built-workers.ts; outside vitest each start bundles its own. */
const BUILT_WORKERS = process.env['BUILT_WORKERS']

/** Looks as random as one that is made, and is the same in every run. */
const storageKey = (seed: string): string => createHash('sha256').update(seed).digest('hex')

type WorkerName = keyof typeof WORKERS
type Envs = { order: OrderEnv; inventory: InventoryEnv; payment: PaymentEnv; operations: OperationsEnv }
type Settings = { vars?: Record<string, string>; secrets?: Record<string, string> }
type Overrides = { [Worker in WorkerName]?: Settings & { configPath?: string } }
type DurableObjectIdentity = { name: string } | { id: string }

/** Said here, so that a developer's own `.dev.vars`, which wrangler reads too, decides nothing in a test. */
const DEFAULTS: Record<WorkerName, Required<Settings>> = {
  order: {
    vars: { DEMO_CATALOGUE: 'false' },
    secrets: { BOOTSTRAP_KEY: 'test-admin-key', STORAGE_KEY: storageKey('a') },
  },
  inventory: { vars: {}, secrets: {} },
  payment: { vars: { PAYMENT_GATEWAY: 'simulator', DEMO_CATALOGUE: 'false' }, secrets: {} },
  operations: { vars: { WEBHOOKS_ALLOW_LOCAL: 'true' }, secrets: { STORAGE_KEY: storageKey('b') } },
}

/** Who holds a producer for which inbox. */
const PRODUCERS = {
  'order-inbox': (server: TestHarness) => envOf(server, 'inventory').then((env) => env.ORDER_INBOX),
  'inventory-inbox': (server: TestHarness) => envOf(server, 'order').then((env) => env.INVENTORY_INBOX),
  'payment-inbox': (server: TestHarness) => envOf(server, 'order').then((env) => env.PAYMENT_INBOX),
  'operations-inbox': (server: TestHarness) => envOf(server, 'order').then((env) => env.OPERATIONS_INBOX),
}

export type System = Awaited<ReturnType<typeof startSystem>>

/** Starts the four Workers from their real configurations, with empty storage and migrated databases. */
export const startSystem = async (overrides: Overrides = {}, bundles = BUILT_WORKERS) => {
  const server = createTestHarness({
    root: resolve(import.meta.dirname, '../..'),
    workers: workersWith(overrides, bundles),
  })
  try {
    await server.listen()
    await migrate(server)
  } catch (error) {
    await server.close()
    throw error
  }
  return {
    /** Where the edge listens, for programs of their own; another after a restart. */
    address: async () => (await server.listen()).url.href,
    /** A request to the edge, as a client would send it; a Worker that throws rejects with what it threw. */
    fetch: server.fetch,
    /** A request past the edge, straight to one Worker. */
    fetchFrom: (worker: WorkerName, ...request: Parameters<TestHarness['fetch']>) =>
      handle(server, worker).fetch(...request),
    /** A Worker's vars, queues and databases; a Durable Object stub taken from here can no longer be evicted. */
    env: <Worker extends WorkerName>(worker: Worker) => envOf(server, worker),
    /** Puts a message on an inbox as it stands: duplicates, stale events, poison. */
    send: async (inbox: keyof typeof PRODUCERS, body: unknown) => {
      const queue = await PRODUCERS[inbox](server)
      await queue.send(body)
    },
    /** SQL inside one Durable Object: `(await storage('order', 'OrderObject', { name })).exec(sql, ...values)`. */
    storage: (worker: WorkerName, className: string, identity: DurableObjectIdentity) =>
      handle(server, worker).getDurableObjectStorage(className, identity),
    /** Ids of every Durable Object of the class that has storage. */
    durableObjectIds: (worker: WorkerName, className: string) =>
      handle(server, worker).listDurableObjectIds(className),
    /** Throws away one Durable Object's memory and keeps its storage; one that does not run is refused. */
    evict: (worker: WorkerName, className: string, identity: DurableObjectIdentity) =>
      handle(server, worker).evictDurableObject(className, identity),
    /** Kills the runtime: storage stays, memory and the queues' messages are lost. Starts again with other settings. */
    restart: (changed: Overrides = overrides) =>
      server.update((options) => ({ ...options, workers: workersWith(changed, bundles) })),
    /** What the Workers logged since the start or the last restart. */
    logs: () => server.getLogs().map((line) => line.message),
    /** Prints requests and logs in order: for `onTestFailed(system.debug)`. */
    debug: () => server.debug(),
    close: () => server.close(),
  }
}

export type SharedSystem = Omit<System, 'close' | 'restart'>

let shared: Promise<System> | undefined

/**
 * One system for all files of a vitest worker that ask for it: a start takes two seconds of the processor. Such a file
 * compares with what it found, and counts nothing of the whole system. The system ends with the worker.
 */
export const sharedSystem = async (): Promise<SharedSystem> => {
  shared ??= startSystem()
  return await shared
}

const DEMO = { DEMO_CATALOGUE: 'true' }

/** As `npm start` runs the system: a demo whose Workers have the fault port. `vars` are the order Worker's. */
export const startDemo = async (vars: Record<string, string> = {}) =>
  startSystem({ order: { vars: { ...DEMO, ...vars } }, payment: { vars: DEMO } }, await bundledWithFaults())

const workersWith = (overrides: Overrides, bundles: string | undefined) =>
  (Object.keys(WORKERS) as WorkerName[]).map((worker) => ({
    configPath: overrides[worker]?.configPath ?? WORKERS[worker].configPath,
    ...(bundles !== undefined && { prebuiltWorkerDir: join(bundles, worker) }),
    vars: { ...DEFAULTS[worker].vars, ...overrides[worker]?.vars },
    secrets: { ...DEFAULTS[worker].secrets, ...overrides[worker]?.secrets },
  }))

const handle = (server: TestHarness, worker: WorkerName) => server.getWorker(WORKERS[worker].name)

const envOf = <Worker extends WorkerName>(server: TestHarness, worker: Worker) =>
  server.getWorker<Envs[Worker]>(WORKERS[worker].name).getEnv()

const migrate = (server: TestHarness) =>
  Promise.all(
    Object.values(WORKERS).flatMap(({ name, databases }) =>
      databases.map((database) => server.getWorker(name).applyD1Migrations(database)),
    ),
  )
