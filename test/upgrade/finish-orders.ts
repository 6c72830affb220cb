import { HOUR_MS, MINUTE_MS } from '../../src/kernel/instant.ts'
import { FaultPlan } from '../simulation/platform/fault-plan.ts'
import type { TurnsEnd } from '../simulation/platform/object/turn.ts'
import { createCloud, type Platform } from '../simulation/platform/platform.ts'
import { createRandoms } from '../simulation/platform/random.ts'
import type { Receiver } from '../simulation/platform/receiver.ts'
import { Scheduler } from '../simulation/platform/scheduler.ts'
import { withSimulatedGlobals } from '../simulation/platform/simulated-globals.ts'
import { createSystem, type System } from '../simulation/system/system.ts'
import { Cells } from '../simulation/world/coverage.ts'
import { createObservers } from '../simulation/world/observers.ts'
import { layOut, readFixture } from './fixture.ts'
import { checkFinished, type Snapshot, snapshotOf } from './invariants.ts'

/** A new release starts within a minute. */
const DOWN_MS = MINUTE_MS
/** Faults befall the first minute of every world but the first. */
const FAULTS_MS = MINUTE_MS
/** As the Workers' cron triggers do. */
const TRIGGER_EVERY_MS = 10 * MINUTE_MS
/** The longest way to rest: a delivery that failed several times is tried again after three hours. */
const REST_MS = 8 * HOUR_MS

export type End = { seed: number; violations: string[]; before: Snapshot; after: Snapshot }

/** Starts today's code over what a release has left, and lets it run until nothing is due. */
export const finishOrders = async (folder: string, seed: number): Promise<End> => {
  const fixture = readFixture(folder)
  const stream = createRandoms(seed)
  const scheduler = new Scheduler(fixture.killedAt + DOWN_MS, stream('order of events'))
  const violations: string[] = []
  const platform: Platform = {
    scheduler,
    stream,
    faults: new FaultPlan(stream, {}),
    trace: () => {},
    violated: (invariant, detail) => violations.push(`${invariant}: ${detail}`),
  }
  const receiver = createReceiver(scheduler)
  const log = (line: string) => line.includes('Broken invariant') && violations.push(line)
  const end = await withSimulatedGlobals(scheduler, { log, fetch: receiver.fetch }, async () => {
    layOut(folder)
    const system = createReleased(platform, receiver, fixture)
    const before = snapshotOf(system)
    await run(platform, system, seed)
    const after = snapshotOf(system)
    checkFinished({ system, before, after, receiver }, platform.violated)
    return { before, after }
  })
  return { seed, violations, ...end }
}

const createReleased = (
  platform: Platform,
  receiver: Receiver,
  { orderPartitions, stockPartitions }: ReturnType<typeof readFixture>,
): System => {
  const parts: { system?: System } = {}
  const systemOf = () => parts.system as System
  const setup = {
    ...{ orderPartitions: [orderPartitions] as [number], stockPartitions, bank: 'simulated' as const },
    ...{ products: [NO_PRODUCT] as const, deadlineMs: 15 * MINUTE_MS, orders: 0, isRush: false },
    ordersPerPartition: 1_000_000,
    ...{ batching: { batchMax: 20, concurrency: 1 }, spanMs: 0, faultsMs: FAULTS_MS, lingerMs: 10 },
    webhooks: 'none' as const,
  }
  const cloud = createCloud(platform.scheduler, platform.stream('sky'))
  const observers = createObservers(platform, new Cells(), { system: systemOf })
  const system = createSystem(platform, { cloud, setup, receiver }, { observers, profileOf: () => ({}) })
  parts.system = system
  for (const { sql } of system.orders.values()) observers.order(sql, AS_IT_IS)
  for (const { sql } of system.payments.values()) observers.payment(sql, AS_IT_IS)
  for (const { sql } of system.stock.values()) observers.stock(sql, AS_IT_IS)
  return system
}

/** The observers see what is there before anything happens, to compare it with what comes. */
const AS_IT_IS: TurnsEnd = { point: 'none', turns: [], wrote: () => true }

/** The fixture has its products. */
const NO_PRODUCT = { productId: '', unitPriceMinor: 0, received: 0, launchAtMs: 0 }

/** No alarm and no message of the release is left: the cron triggers alone say to the partitions that they are there. */
const run = async ({ scheduler, faults, stream }: Platform, system: System, seed: number): Promise<void> => {
  const trigger = createCloud(scheduler, stream('trigger'))
  for (let atMs = 0; atMs < REST_MS; atMs += TRIGGER_EVERY_MS)
    scheduler.after(atMs, trigger, () => system.runCronTriggers())
  faults.isOn = seed > 0
  await scheduler.runUntil(scheduler.now + FAULTS_MS)
  faults.isOn = false
  await scheduler.runUntil(scheduler.now + REST_MS)
}

/** Takes everything, wherever it is sent. */
const createReceiver = (scheduler: Scheduler): Receiver => {
  const received = new Map<string, string[]>()
  return {
    received,
    failed: new Map(),
    fetch: (_url, init) => {
      const actor = scheduler.acting
      if (actor === undefined) throw new Error('a request from outside every actor')
      const id = new Headers(init?.headers).get('webhook-id') ?? ''
      received.set(id, [...(received.get(id) ?? []), String(init?.body)])
      const { promise, resolve } = Promise.withResolvers<Response>()
      scheduler.resume(5, actor, () => resolve(new Response(null, { status: 204 })))
      return promise
    },
  }
}
