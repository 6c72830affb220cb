import type { Sql } from '../../src/messaging/sql.ts'
import { StockObject } from '../../workers/inventory/index.ts'
import { OrderObject } from '../../workers/order/index.ts'
import { PaymentObject } from '../../workers/payment/index.ts'
import {
  CALL_MS,
  type Recorded,
  type Remains,
  SCRIPT_START,
  type Scripted,
  TABLES,
  THREW,
} from '../support/differential/script.ts'
import { withAmbient } from './ambient.ts'
import { giveBack, takeDatabase } from './databases.ts'
import { drawScript } from './draw-script.ts'
import { SimulatedObject } from './durable-object.ts'
import { FAULTS, Faults } from './faults.ts'
import { createSky, type Platform } from './platform.ts'
import { createRandoms, type Random } from './random.ts'
import { Scheduler } from './scheduler.ts'

/** Scripts with what they left in a simulated partition, to be compared with a real one. */
export const recordScripts = async (service: Scripted, count: number): Promise<Recorded[]> => {
  const recorded: Recorded[] = []
  for (let seed = 1; seed <= count; seed += 1) recorded.push(await record(service, seed))
  return recorded
}

/** No chance at all, as the real partition is given none. */
const NEVER: Random = { chance: () => 0, below: () => 0, between: (low) => low, pick: ([first]) => first }

const record = async (service: Scripted, seed: number): Promise<Recorded> => {
  const steps = drawScript(service, seed)
  const scheduler = new Scheduler(SCRIPT_START, NEVER)
  const faults = new Faults(createRandoms(seed), { withoutFaults: FAULTS })
  const platform: Platform = {
    scheduler,
    faults,
    stream: () => NEVER,
    note: () => {},
    violated: (law, detail) => {
      throw new Error(`${law}: ${detail}`)
    },
  }
  const fetch = () => Promise.reject(new Error('nothing is fetched'))
  const remains = await withAmbient(scheduler, { log: () => {}, fetch }, () => play(platform, service, steps))
  return { seed, steps, remains }
}

const play = async (platform: Platform, service: Scripted, steps: Recorded['steps']): Promise<Remains> => {
  const { scheduler } = platform
  const sky = createSky(scheduler, NEVER)
  const database = takeDatabase(`script of ${service}`)
  const { sql } = database
  const object = new SimulatedObject(platform, sky, { name: service, sql, create: CREATE[service] }, 0)
  const answers: unknown[] = []
  for (const step of steps) {
    await scheduler.runUntil(SCRIPT_START + step.atMs - 1)
    await scheduler.runUntil(SCRIPT_START + step.atMs)
    if (step.kind === 'restart') {
      object.evict()
      continue
    }
    const { method, args } = step
    const answer = object.call(sky, { what: method, touches: [] }, (instance) => {
      const called = Reflect.get(instance, method) as (...args: unknown[]) => unknown
      return Reflect.apply(called, instance, structuredClone(args))
    })
    void answer
      .then(
        (value) => value ?? null,
        () => THREW,
      )
      .then((said) => answers.push(said))
    await scheduler.runUntil(scheduler.now + 2 * CALL_MS + 1)
  }
  const remains = { answers, rows: rowsOf(service, sql), alarmAt: object.storedAlarm() ?? null }
  object.close()
  giveBack(`script of ${service}`, database)
  return remains
}

const rowsOf = (service: Scripted, sql: Sql): Remains['rows'] =>
  Object.fromEntries(TABLES[service].map((table) => [table, sql(`SELECT * FROM ${table} ORDER BY 1`)]))

type Wakeable = { alarm?(): unknown }

const CREATE: Record<Scripted, (state: DurableObjectState) => Wakeable> = {
  order: (state) => new OrderObject(state, environment() as unknown as OrderEnv),
  inventory: (state) => new StockObject(state, environment() as unknown as InventoryEnv),
  payment: (state) => new PaymentObject(state, environment() as unknown as PaymentEnv),
}

/** Databases that take everything and queues that hold nothing, all at once. */
const environment = () => {
  const statement = {
    bind: () => statement,
    run: async () => ({ results: [] }),
    all: async () => ({ results: [] }),
  }
  const database = { prepare: () => statement, batch: async () => [] }
  const inbox = {
    send: async () => {},
    sendBatch: async () => {},
    metrics: async () => ({ backlogCount: 0 }),
  }
  const first = { idFromName: (name: string) => ({ name }), getByName: () => ({ keepTo: async () => {} }) }
  return {
    ...{ ORDERS_DB: database, LISTS_DB: database, INVENTORY_DB: database, PAYMENTS_DB: database },
    ...{ ORDERS: first, STOCK: first, PAYMENTS: first },
    ...{ ORDER_INBOX: inbox, INVENTORY_INBOX: inbox, PAYMENT_INBOX: inbox, OPERATIONS_INBOX: inbox },
    ...{ ORDER_PARTITIONS: '2', STOCK_PARTITIONS: '2', ORDER_DEADLINE_SECONDS: '900' },
    ...{ DEFAULT_CURRENCY: 'USD', BOOTSTRAP_KEY: 'test-admin-key', DEMO_CATALOGUE: 'false' },
  }
}
