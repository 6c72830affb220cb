import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { createClients } from '../clients/clients.ts'
import { createPersist } from '../clients/persist.ts'
import { checkAtRest } from '../invariants/at-rest.ts'
import { DepartureWatch } from '../invariants/departure-watch.ts'
import { FaultPlan } from '../platform/fault-plan.ts'
import { createCloud, type Platform } from '../platform/platform.ts'
import { createRandoms } from '../platform/random.ts'
import { createReceiver, type Receiver } from '../platform/receiver.ts'
import { Scheduler } from '../platform/scheduler.ts'
import { withSimulatedGlobals } from '../platform/simulated-globals.ts'
import type { SimulatedStripe } from '../platform/stripe-connection.ts'
import type { createStripe } from '../system/stripe.ts'
import { createSystem, type System } from '../system/system.ts'
import { abandonPayment } from './abandoned-payment.ts'
import { Cells } from './coverage.ts'
import { letOrdersLeave, prepareDepartures } from './departures/departing-orders.ts'
import { eraseCustomer } from './erase-customer.ts'
import { createObservers } from './observers.ts'
import { OPENING_MS, openPartitions, openWebhooks } from './opening.ts'
import type { Outcome, Plan, Violation } from './plan.ts'
import { CRON_EVERY_MS, schedulePlatformFaults } from './platform-faults.ts'
import { scheduleServiceOutage, withServiceOutage } from './service-outage.ts'
import { settle } from './settle.ts'
import { drawSetup, type Setup, withLittleRoom, withRush, withStripe } from './setup.ts'
import { drawWorkload, type Workload, withoutDelays } from './workload.ts'

/** Before midnight, so that keys are used again on the next day. */
const START = Date.UTC(2026, 10, 23, 23, 59)

/** Runs one world from its seed to its rest. */
export const runWorld = async (plan: Plan, { isTraced = false } = {}): Promise<Outcome> => {
  const stream = createRandoms(plan.seed)
  const faults = new FaultPlan(stream, plan)
  const drawnSetup = withStripe(drawSetup(stream('setup')), plan.bank, stream('Stripe'))
  const built = withLittleRoom(drawnSetup, stream('size'))
  const opened = withRush(built, stream('doors open'))
  const setup = withServiceOutage(opened, faults, stream('hour of absence'))
  const drawn = drawWorkload(setup, stream)
  const workload = faults.single === undefined ? drawn : withoutDelays(drawn)
  const scheduler = new Scheduler(START, stream('order of events'))
  const { violations, log, trace, violated } = createJournal(scheduler, isTraced)
  const platform: Platform = { scheduler, faults, stream, trace, violated }
  const cells = new Cells()
  const receiver = createReceiver(platform)
  const scene: Scene = { plan, setup, workload, cells, receiver, createStripe: await stripeFor(setup) }
  const globals = { log: createLog(platform), fetch: fetchOver(scene) }
  await withSimulatedGlobals(scheduler, globals, () => live(platform, scene)).catch((error) =>
    violated('the world runs to its end', describe(error)),
  )
  const { orders } = setup
  const { steps } = scheduler
  const { struck, rates } = faults
  const virtualMs = scheduler.now - START
  return { plan, violations, orders, steps, virtualMs, struck, rates, setup, workload, cells, log }
}

/** Collects the violations, and the lines of the timeline where it is wanted. */
const createJournal = (scheduler: Scheduler, isTraced: boolean) => {
  const violations: Violation[] = []
  const log: string[] = []
  const trace: Platform['trace'] = (who, what) => {
    if (isTraced) log.push(`${String(scheduler.now - START).padStart(9)} ${who}: ${what()}`)
  }
  const violated: Platform['violated'] = (invariant, detail) => {
    violations.push({ invariant, detail, atMs: scheduler.now - START })
    trace('!!', () => `${invariant}: ${detail}`)
  }
  return { violations, log, trace, violated }
}

const createLog =
  ({ trace, violated }: Platform) =>
  (line: string): void => {
    trace('log', () => line)
    if (line.includes('Broken invariant')) violated('no invariant of ours breaks', line)
  }

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

type Scene = {
  plan: Plan
  setup: Setup
  workload: Workload
  cells: Cells
  receiver: Receiver
  createStripe: typeof createStripe | undefined
  /** Once the system is built. */
  stripe?: SimulatedStripe | undefined
}

/** Stripe's package and its description take a second to load, so only its worlds do it. */
const stripeFor = async ({ bank }: Setup) =>
  bank === 'stripe' ? (await import('../system/stripe.ts')).createStripe : undefined

/** The network beyond the system: Stripe, and the receiver of webhooks. */
const fetchOver =
  (scene: Scene): typeof globalThis.fetch =>
  (input, init) =>
    scene.stripe?.serves(String(input)) === true
      ? scene.stripe.fetch(input, init)
      : scene.receiver.fetch(input, init)

const live = async (platform: Platform, scene: Scene): Promise<void> => {
  const { plan, setup, workload } = scene
  const { scheduler, faults } = platform
  const { cloud, system, clients, departures } = build(platform, scene)
  const { records } = clients
  try {
    const leaving = prepareDepartures(platform, system)
    faults.isOn = false
    openPartitions(system, cloud, scheduler)
    openWebhooks(system, cloud)
    await scheduler.runUntil(scheduler.now + OPENING_MS)
    faults.isOn = true
    const chosen = workload.actions.flatMap((action, index) =>
      plan.onlyActions === undefined || plan.onlyActions.includes(index) ? [{ action, index }] : [],
    )
    for (const { action, index } of chosen) clients.schedule(action, index)
    schedulePlatformFaults(platform, system, cloud)
    scheduleServiceOutage(platform, system, cloud)
    await scheduler.runUntil(scheduler.now + setup.spanMs + setup.faultsMs)
    faults.isOn = false
    platform.trace('cloud', () => 'no more faults')
    scheduler.after(CRON_EVERY_MS, cloud, () => system.runCronTriggers())
    for (const { action } of chosen) {
      if (action.kind === 'external event')
        scheduler.after(HOUR_MS, cloud, () => clients.sendExternalAgain(action))
    }
    await settle(platform, system, { records, workload })
    if (records.bridged.length > 0) {
      clients.finishBridges()
      await scheduler.runUntil(scheduler.now + HOUR_MS)
    }
    if (records.feedReaders.length + records.productReaders.length > 0) {
      clients.readFeedsToEnd()
      await scheduler.runUntil(scheduler.now + MINUTE_MS)
    }
    checkAtRest(platform, { system, records, workload })
    const persist = createPersist(platform)
    await eraseCustomer(platform, { system, records, workload, persist })
    await abandonPayment(platform, { system, cloud })
    if (leaving)
      await letOrdersLeave(platform, { system, cloud, records, workload, persist, watch: departures })
  } finally {
    system.close()
  }
}

/** The system needs its observers and clients, and they need the system, so they ask for it when they use it. */
const build = (platform: Platform, scene: Scene) => {
  const { setup, workload, cells, receiver } = scene
  const cloud = createCloud(platform.scheduler, platform.stream('sky'))
  const parts: { system?: System } = {}
  const systemOf = (): System => {
    if (parts.system === undefined) throw new Error('the world is not built yet')
    return parts.system
  }
  const clients = createClients(platform, systemOf, workload)
  const profileOf = (orderId: string) => workload.bankProfiles[clients.records.orderOf(orderId) ?? -1] ?? {}
  const departures = new DepartureWatch(platform, systemOf)
  const followsProducts = workload.actions.some(
    (each) => each.kind === 'follow feed' && each.feed === 'products',
  )
  const { productVersions } = clients.records
  const observers = createObservers(platform, cells, {
    system: systemOf,
    departures,
    seeProducts: followsProducts ? (sql) => productVersions.see(sql) : undefined,
  })
  const system = createSystem(
    platform,
    { cloud, setup, receiver, createStripe: scene.createStripe },
    { observers, profileOf },
  )
  parts.system = system
  scene.stripe = system.stripe
  return { cloud, system, clients, departures }
}
