import { WEBHOOK_TYPES } from '../../src/contracts/webhook-types.ts'
import { MINUTE_MS } from '../../src/kernel/instant.ts'
import type { StockObject } from '../../workers/inventory/stock-object.ts'
import { Callers } from './clients/callers.ts'
import { Cells } from './coverage.ts'
import { checkAtRest } from './invariants/at-rest.ts'
import { excusedOrders, load } from './invariants/stored.ts'
import { createObservers } from './observers.ts'
import { type Fault, FaultPlan, type Reduction } from './platform/fault-plan.ts'
import { createCloud, type Platform } from './platform/platform.ts'
import { createRandoms } from './platform/random.ts'
import { createReceiver, RECEIVER_URL, type Receiver } from './platform/receiver.ts'
import { type Actor, Scheduler } from './platform/scheduler.ts'
import { withSimulatedGlobals } from './platform/simulated-globals.ts'
import { scheduleServiceOutage, withServiceOutage } from './service-outage.ts'
import { drawSetup, type Setup, type SimulatedProduct } from './setup.ts'
import { createSystem, type System } from './system/system.ts'
import { drawWorkload, type Workload, withFriendlyBank } from './workload.ts'

/** Before midnight, so that keys are used again on the next day. */
const START = Date.UTC(2026, 10, 23, 23, 59)
const HOUR_MS = 60 * MINUTE_MS
/** From when the catalogue is sent out to when it has arrived. */
const OPENING_MS = 10_000
/**
 * By then a world is at rest: a message may be an hour late, a clock an hour slow, a service away for an hour, and a
 * lease of the bank or a message that is held too long comes on top.
 */
const REST_MS_MAX = 7 * HOUR_MS
/** A product that could not be launched is launched again. */
const LAUNCH_AGAIN_MS = 1_000
/** What the bank refused for good is asked for for ever: this long is enough to see all else come to rest. */
const STUCK_MS = 90 * MINUTE_MS
const OUTAGE_MS = 25 * HOUR_MS
const FAULTS_EVERY_MS = 10_000
/** As the Workers' configurations say. */
const CRON_EVERY_MS = 10 * MINUTE_MS

export type Plan = Reduction & {
  seed: number
  /** The only actions that happen, by their place in the workload. */
  onlyActions?: readonly number[]
}

export type Violation = { invariant: string; detail: string; atMs: number }

export type Outcome = {
  plan: Plan
  violations: readonly Violation[]
  orders: number
  steps: number
  /** How long the world lived by its own clock. */
  virtualMs: number
  struck: readonly string[]
  rates: ReadonlyMap<Fault, number>
  setup: Setup
  workload: Workload
  cells: Cells
  /** Every line of the timeline, where it was asked for. */
  log: readonly string[]
}

/** Runs one world from its seed to its rest. */
export const runWorld = async (plan: Plan, { isTraced = false } = {}): Promise<Outcome> => {
  const stream = createRandoms(plan.seed)
  const faults = new FaultPlan(stream, plan)
  const setup = withServiceOutage(drawSetup(stream('setup')), faults, stream('hour of absence'))
  const drawn = drawWorkload(setup, stream)
  const workload = faults.single === undefined ? drawn : withFriendlyBank(drawn)
  const scheduler = new Scheduler(START, stream('order of events'))
  const violations: Violation[] = []
  const log: string[] = []
  const platform: Platform = {
    scheduler,
    faults,
    stream,
    trace: (who, what) => {
      if (isTraced) log.push(`${String(scheduler.now - START).padStart(9)} ${who}: ${what()}`)
    },
    violated: (invariant, detail) => {
      violations.push({ invariant, detail, atMs: scheduler.now - START })
      platform.trace('!!', () => `${invariant}: ${detail}`)
    },
  }
  const cells = new Cells()
  const logLine = (line: string) => {
    platform.trace('log', () => line)
    if (line.includes('Broken invariant')) platform.violated('no invariant of ours breaks', line)
  }
  const receiver = createReceiver(platform)
  const globals = { log: logLine, fetch: receiver.fetch }
  await withSimulatedGlobals(scheduler, globals, () =>
    live(platform, { plan, setup, workload, cells, receiver }),
  ).catch((error) =>
    platform.violated(
      'the world runs to its end',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    ),
  )
  return {
    plan,
    violations,
    orders: setup.orders,
    steps: scheduler.steps,
    virtualMs: scheduler.now - START,
    struck: faults.struck,
    rates: faults.rates,
    setup,
    workload,
    cells,
    log,
  }
}

type Scene = { plan: Plan; setup: Setup; workload: Workload; cells: Cells; receiver: Receiver }

const live = async (platform: Platform, { plan, setup, workload, cells, receiver }: Scene): Promise<void> => {
  const { scheduler, faults } = platform
  const cloud = createCloud(scheduler, platform.stream('sky'))
  const parts: { system?: System } = {}
  const systemOf = (): System => {
    if (parts.system === undefined) throw new Error('the world is not built yet')
    return parts.system
  }
  const callers = new Callers(platform, systemOf, workload)
  const profileOf = (orderId: string) => workload.bankProfiles[callers.orderOf(orderId) ?? -1] ?? {}
  const observers = createObservers(platform, cells, systemOf)
  const system = createSystem(platform, { cloud, setup, receiver }, { observers, profileOf })
  parts.system = system
  try {
    faults.isOn = false
    stockUp(system, cloud, scheduler)
    listen(system, cloud)
    await scheduler.runUntil(scheduler.now + OPENING_MS)
    faults.isOn = true
    const chosen = workload.actions.flatMap((action, index) =>
      plan.onlyActions === undefined || plan.onlyActions.includes(index) ? [{ action, index }] : [],
    )
    for (const { action, index } of chosen) callers.schedule(action, index)
    scheduleFaults(platform, system, cloud)
    scheduleServiceOutage(platform, system, cloud)
    await scheduler.runUntil(scheduler.now + setup.spanMs + setup.faultsMs)
    faults.isOn = false
    platform.trace('cloud', () => 'no more faults')
    scheduler.after(CRON_EVERY_MS, cloud, () => system.runCronTriggers())
    for (const { action } of chosen) {
      if (action.kind === 'external event')
        scheduler.after(HOUR_MS, cloud, () => callers.sendExternalAgain(action))
    }
    await settle(platform, system, { callers, workload })
    checkAtRest(platform, { system, callers, workload })
  } finally {
    system.close()
  }
}

const OPENING = { what: 'opening', touches: [], isManyTurns: true }

/** Opens every partition, and puts the products and their stock there before any fault or later. */
const stockUp = (system: System, cloud: Actor, scheduler: Scheduler): void => {
  for (const product of system.setup.products) {
    const object = system.stockOf(product.productId)
    const launch = (): void => {
      void object
        ?.call(cloud, OPENING, (stock) => receive(stock, product))
        .catch(() => scheduler.after(LAUNCH_AGAIN_MS, cloud, launch))
    }
    scheduler.after(product.launchAtMs === 0 ? 0 : OPENING_MS + product.launchAtMs, cloud, launch)
  }
  const nobody = { client: 'nobody', scopes: [] }
  for (const object of system.orders.values())
    void object.call(cloud, OPENING, (partition) => partition.get('', nobody))
  for (const object of system.stock.values())
    void object.call(cloud, OPENING, (partition) => partition.product(''))
  for (const object of system.payments.values())
    void object.call(cloud, OPENING, (partition) => partition.get('', nobody))
  for (const object of system.banks.values())
    void object.call(cloud, OPENING, (partition) => partition.books(''))
}

/** Says what webhooks want before any fault, where it is to be said at all. */
const listen = (system: System, cloud: Actor): void => {
  const { webhooks } = system.setup
  const caller = { client: 'listener', scopes: ['operations' as const] }
  if (webhooks === 'wanted') {
    const secret = `whsec_${btoa('a secret of the right length')}`
    const wanted = { webhookId: 'wh_1', secret, url: RECEIVER_URL, types: WEBHOOK_TYPES, caller }
    void system.webhooks.call(cloud, OPENING, (object) => object.register({ ...wanted, request: undefined }))
  }
  if (webhooks === 'none') {
    for (const object of system.orders.values())
      void object.call(cloud, OPENING, (partition) => partition.want({ revision: 0, types: [] }))
  }
}

const receive = (stock: StockObject, { productId, unitPriceMinor, received }: SimulatedProduct): void => {
  if ((stock.product(productId)?.levelRevision ?? 0) > 0) return
  stock.putProduct({ productId, name: `Product ${productId}`, unitPriceMinor, currency: 'USD' })
  stock.adjust({
    adjustmentId: `receipt-${productId}`,
    productId,
    delta: received,
    reason: 'receipt',
    request: undefined,
  })
}

/** What befalls the platform as a whole: clocks that jump, a broker that forgets, a day without anything. */
const scheduleFaults = (platform: Platform, system: System, cloud: Actor): void => {
  const { scheduler, faults, stream } = platform
  const random = stream('misfortunes')
  const { spanMs, faultsMs } = system.setup
  for (let atMs = 0; atMs < spanMs + faultsMs; atMs += FAULTS_EVERY_MS) {
    scheduler.after(atMs + random.below(FAULTS_EVERY_MS), cloud, () => {
      for (const queue of [...Object.values(system.inboxes), system.webhookQueue]) {
        if (faults.hits('queueForgets')) queue.forget()
      }
      if (faults.hits('restart')) restart(platform, system)
    })
  }
  for (let atMs = CRON_EVERY_MS; atMs < spanMs + faultsMs; atMs += CRON_EVERY_MS) {
    scheduler.after(atMs, cloud, () => system.runCronTriggers())
  }
  for (const partition of system.partitions()) {
    const ms = random.pick([HOUR_MS, -HOUR_MS])
    const atMs = random.below(spanMs + faultsMs)
    scheduler.after(atMs, cloud, () => {
      if (faults.hits('clockJumps')) partition.jump(ms)
    })
  }
  scheduler.after(random.below(spanMs + faultsMs), cloud, () => {
    if (!faults.hits('outage')) return
    platform.trace('cloud', () => 'everything stands still for 25 hours')
    system.killInvocations()
    scheduler.skip(OUTAGE_MS)
  })
}

const restart = (platform: Platform, system: System): void => {
  platform.trace('cloud', () => 'everything is killed and starts again')
  system.killInvocations()
  for (const partition of system.partitions()) partition.die()
  for (const queue of [...Object.values(system.inboxes), system.webhookQueue]) queue.forget()
}

/** Runs until nothing is left to happen, but for what the bank refused for good. */
const settle = async (
  platform: Platform,
  system: System,
  { callers, workload }: { callers: Callers; workload: Workload },
): Promise<void> => {
  const { scheduler } = platform
  const deadline = scheduler.now + REST_MS_MAX
  while (scheduler.now < deadline) {
    await scheduler.runUntil(Math.min(deadline, scheduler.now + 20 * MINUTE_MS))
    const next = scheduler.nextAt() ?? deadline
    if (next >= deadline) return
    if (next > scheduler.now + 20 * MINUTE_MS) continue
    const stored = load(system)
    const excused = excusedOrders(stored, { callers, workload, system })
    const isOthersRest = [...stored.orders.values()].every(
      ({ order, dueAt }) => excused.has(order.orderId) || dueAt === null,
    )
    if (excused.size > 0 && isOthersRest && scheduler.now > deadline - REST_MS_MAX + STUCK_MS) return
  }
  platform.violated(
    'the world comes to rest',
    `it is still busy ${REST_MS_MAX / HOUR_MS} hours after the last fault`,
  )
}
