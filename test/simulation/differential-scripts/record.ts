import type { Sql } from '../../../src/messaging/sql.ts'
import { StockObject } from '../../../workers/inventory/index.ts'
import { WebhookObject } from '../../../workers/operations/index.ts'
import { OrderObject } from '../../../workers/order/index.ts'
import { PaymentObject } from '../../../workers/payment/index.ts'
import { createCountedBytes } from '../../support/differential/counted-bytes.ts'
import { createPlaceholders } from '../../support/differential/placeholders.ts'
import { createCollectingQueues } from '../../support/differential/queues.ts'
import {
  CALL_MS,
  QUEUES,
  type Recorded,
  type Remains,
  SCRIPT_START,
  SCRIPT_STORAGE_KEY,
  type Scripted,
  TABLES,
  THREW,
} from '../../support/differential/script.ts'
import { giveBack, takeDatabase } from '../platform/databases.ts'
import { FAULTS, FaultPlan } from '../platform/fault-plan.ts'
import { SimulatedObject } from '../platform/object/durable-object.ts'
import { createCloud, type Platform } from '../platform/platform.ts'
import { createRandoms, type Random } from '../platform/random.ts'
import { Scheduler } from '../platform/scheduler.ts'
import { withSimulatedGlobals } from '../platform/simulated-globals.ts'
import { drawScript } from './draw-script.ts'

/** Plays scripts in a simulated partition, and records the result for a comparison with a real one. */
export const recordScripts = async (service: Scripted, count: number): Promise<Recorded[]> => {
  const recorded: Recorded[] = []
  for (let seed = 1; seed <= count; seed += 1) recorded.push(await record(service, seed))
  return recorded
}

/** No randomness, as the real partition gets none. */
const NEVER: Random = { chance: () => 0, below: () => 0, between: (low) => low, pick: ([first]) => first }

const record = async (service: Scripted, seed: number): Promise<Recorded> => {
  const steps = drawScript(service, seed)
  const scheduler = new Scheduler(SCRIPT_START, NEVER)
  const faults = new FaultPlan(createRandoms(seed), { withoutFaults: FAULTS })
  const platform: Platform = {
    scheduler,
    faults,
    stream: () => NEVER,
    trace: () => {},
    violated: (invariant, detail) => {
      throw new Error(`${invariant}: ${detail}`)
    },
  }
  const fetch = () => Promise.reject(new Error('nothing is fetched'))
  const remains = await withSimulatedGlobals(scheduler, { log: () => {}, fetch }, () =>
    play(platform, { service, seed }, steps),
  )
  return { seed, steps, remains }
}

type Script = { service: Scripted; seed: number }

const play = async (
  platform: Platform,
  { service, seed }: Script,
  steps: Recorded['steps'],
): Promise<Remains> => {
  const { scheduler } = platform
  const cloud = createCloud(scheduler, NEVER)
  const database = takeDatabase(`script of ${service}`)
  const { sql } = database
  const queues = createCollectingQueues()
  const placeholders = createPlaceholders(queues.messages)
  Object.assign(crypto, { getRandomValues: createCountedBytes() })
  const env = environment(queues)
  const create = (state: DurableObjectState) => CREATE[service](state, env)
  // The real object has the same name: alarms ring apart by it.
  const object = new SimulatedObject(platform, cloud, { name: `${service}-script-${seed}`, sql, create }, 0)
  const replies: unknown[] = []
  for (const step of steps) {
    await scheduler.runUntil(SCRIPT_START + step.atMs - 1)
    await scheduler.runUntil(SCRIPT_START + step.atMs)
    if (step.kind === 'restart') {
      object.evict()
      continue
    }
    const { method, args } = step
    const filled = placeholders.fill(args)
    const reply = object.call(cloud, { what: method, touches: [] }, (instance) => {
      const called = Reflect.get(instance, method) as (...args: unknown[]) => unknown
      return Reflect.apply(called, instance, filled)
    })
    void reply
      .then(
        (value) => value ?? null,
        () => THREW,
      )
      .then((settled) => {
        placeholders.learn(settled)
        replies.push(settled)
      })
    await scheduler.runUntil(scheduler.now + 2 * CALL_MS + 1)
  }
  const { messages } = queues
  const remains = {
    answers: replies,
    messages,
    rows: rowsOf(service, sql),
    alarmAt: object.storedAlarm() ?? null,
  }
  object.close()
  giveBack(`script of ${service}`, database)
  return remains
}

const rowsOf = (service: Scripted, sql: Sql): Remains['rows'] =>
  Object.fromEntries(TABLES[service].map((table) => [table, sql(`SELECT * FROM ${table} ORDER BY 1`)]))

type Wakeable = { alarm?(): unknown }

type AnyEnv = OrderEnv & InventoryEnv & PaymentEnv & OperationsEnv

const CREATE: Record<Scripted, (state: DurableObjectState, env: AnyEnv) => Wakeable> = {
  order: (state, env) => new OrderObject(state, env),
  inventory: (state, env) => new StockObject(state, env),
  payment: (state, env) => new PaymentObject(state, env),
  operations: (state, env) => new WebhookObject(state, env),
}

/** Databases that accept every statement and queues that only collect. Their results are there at once. */
const environment = ({ queue }: ReturnType<typeof createCollectingQueues>): AnyEnv => {
  const statement = {
    bind: () => statement,
    run: async () => ({ results: [] }),
    all: async () => ({ results: [] }),
  }
  const database = { prepare: () => statement, batch: async () => [] }
  const first = { idFromName: (name: string) => ({ name }), getByName: () => ({ keepTo: async () => {} }) }
  const env = {
    ...{ ORDERS_DB: database, LISTS_DB: database, INVENTORY_DB: database, PAYMENTS_DB: database },
    ...{ ORDERS: first, STOCK: first, PAYMENTS: first },
    ...Object.fromEntries(QUEUES.map((name) => [name, queue(name)])),
    ...{ ORDER_PARTITIONS: '2', STOCK_PARTITIONS: '2', ORDER_DEADLINE_SECONDS: '900' },
    ...{ DEFAULT_CURRENCY: 'USD', BOOTSTRAP_KEY: 'test-admin-key', DEMO_CATALOGUE: 'false' },
    ...{ STORAGE_KEY: SCRIPT_STORAGE_KEY, WEBHOOKS_ALLOW_LOCAL: 'true' },
  }
  // One environment for four Workers, with only what their partitions use of each binding.
  return env as unknown as AnyEnv
}
