import './test/support/quiet-wrangler.ts'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { SCRIPT_STORAGE_KEY } from './test/support/differential/script.ts'
import { LongestFirst } from './test/support/longest-first.ts'

/** The quickest answers first; groups never run side by side. */
const GROUP = { unit: 1, integration: 2, simulation: 2, e2e: 2, security: 2, system: 3, alone: 4 }

/** System tests that kill processes, fill a disk, or offer more than the system can take: another one beside them would be hit too. */
const ALONE = ['bench', 'crash', 'drill', 'killed-proxy', 'locked-file', 'one-system', 'outage'].map(
  (name) => `test/system/${name}.test.ts`,
)

/**
 * Files of the second group at the same time. They mostly wait: for queues, alarms and time-outs. Each file starts a
 * system of its own. A start takes about a second; files that share a system would see each other's orders, webhooks
 * and dead letters.
 */
const FILES_AT_ONCE = 4

type Inside = {
  worker: string
  configPath: string
  /** The folder of each database's migrations. */
  databases: Partial<
    Record<'ORDERS_DB' | 'LISTS_DB' | 'INVENTORY_DB' | 'PAYMENTS_DB' | 'OPERATIONS_DB', string>
  >
  vars?: Record<string, string>
  neighbours?: string[]
}

/** The tests of one Worker inside workerd, with its real configuration; its neighbours answer 501. */
const inside = async ({ worker, configPath, databases, vars = {}, neighbours = [] }: Inside) => ({
  plugins: [
    cloudflareTest({
      wrangler: { configPath },
      miniflare: {
        // The recorded scripts send each event at once.
        bindings: { LINGER_MS: '0', ...vars },
        serviceBindings: Object.fromEntries(neighbours.map((binding) => [binding, notRunning])),
      },
    }),
  ],
  test: {
    name: `integration:${worker}`,
    include: [`test/integration/${worker}/**/*.test.ts`],
    setupFiles: ['test/support/migrate.ts', 'test/support/setup-stored.ts'],
    globalSetup: ['test/support/differential/recorded.ts'],
    sequence: { groupOrder: GROUP.integration },
    maxWorkers: FILES_AT_ONCE,
    provide: { d1: await Promise.all(Object.entries(databases).map(migrationsOf)) },
  },
})

const migrationsOf = async ([database, folder]: [string, string]) => ({
  database: database as keyof Inside['databases'],
  migrations: await readD1Migrations(folder),
})

const notRunning = () => new Response('this Worker is not part of the test', { status: 501 })

type WholeSystem = {
  testTimeout: number
  folders?: string[]
  include?: string[]
  exclude?: string[]
  maxWorkers?: number
  isolate?: boolean
  globalSetup?: string[]
}

/** They take seconds to start and settle. */
const wholeSystem = (
  name: 'simulation' | 'e2e' | 'security' | 'system' | 'alone',
  {
    testTimeout,
    folders = [name],
    include = folders.map((folder) => `test/${folder}/**/*.test.ts`),
    exclude = [],
    maxWorkers = FILES_AT_ONCE,
    // Wrangler takes a second to load, so files on the harness share a worker.
    isolate = false,
    globalSetup = [],
  }: WholeSystem,
) => ({
  test: {
    name,
    include,
    exclude,
    maxWorkers,
    isolate,
    globalSetup,
    sequence: { groupOrder: GROUP[name] },
    testTimeout,
    hookTimeout: 60_000,
  },
})

const HARNESS = { testTimeout: 60_000, globalSetup: ['test/support/built-workers.ts'] }

/** They start real processes, browsers and brokers, and mostly wait for them. */
const PROCESSES = { ...HARNESS, testTimeout: 600_000, isolate: true }

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // They share no state, and loading everything anew for each file takes most of the time.
          isolate: false,
          // On two cores vitest would leave one idle.
          maxWorkers: 2,
          include: ['test/{unit,property,contract,architecture}/**/*.test.ts'],
          setupFiles: ['test/support/property-seed.ts', 'test/support/setup-stored.ts'],
          sequence: { groupOrder: GROUP.unit },
          // Parsers and compilers of documents take seconds on a busy machine.
          testTimeout: 30_000,
        },
      },
      await inside({
        worker: 'order',
        configPath: 'wrangler.toml',
        databases: { ORDERS_DB: 'workers/order/migrations', LISTS_DB: 'workers/order/list-migrations' },
        vars: {
          ...{ BOOTSTRAP_KEY: 'test-admin-key', DEMO_CATALOGUE: 'false', ORDER_PARTITIONS: '2' },
          RETENTION_DAYS: '7',
        },
        neighbours: ['INVENTORY', 'PAYMENT', 'OPERATIONS'],
      }),
      await inside({
        worker: 'inventory',
        configPath: 'workers/inventory/wrangler.toml',
        databases: { INVENTORY_DB: 'workers/inventory/migrations' },
      }),
      await inside({
        worker: 'payment',
        configPath: 'workers/payment/wrangler.toml',
        databases: { PAYMENTS_DB: 'workers/payment/migrations' },
        vars: { PAYMENT_GATEWAY: 'simulator', ORDER_PARTITIONS: '2' },
      }),
      await inside({
        worker: 'operations',
        configPath: 'workers/operations/wrangler.toml',
        databases: { OPERATIONS_DB: 'workers/operations/migrations' },
        vars: { STORAGE_KEY: SCRIPT_STORAGE_KEY, WEBHOOKS_ALLOW_LOCAL: 'true' },
      }),
      wholeSystem('simulation', { testTimeout: 600_000, folders: ['simulation', 'upgrade'] }),
      wholeSystem('e2e', HARNESS),
      wholeSystem('security', HARNESS),
      wholeSystem('system', { ...PROCESSES, maxWorkers: 2, exclude: ALONE }),
      wholeSystem('alone', { ...PROCESSES, maxWorkers: 1, include: ALONE }),
    ],
  },
})
