import { DAY_MS, dayOf, HOUR_MS, type Instant, MINUTE_MS } from '../../../../src/kernel/instant.ts'
import { isSettled, type Order } from '../../../../src/order/order.ts'
import { lastFactAt, RETENTION_DAYS_MIN } from '../../../../src/order/retention.ts'
import { checkDeparted } from '../../invariants/departures.ts'
import { excusedOrders, load } from '../../invariants/stored.ts'
import type { Outlet, Platform } from '../../platform/platform.ts'
import type { Random } from '../../platform/random.ts'
import type { System } from '../../system/system.ts'
import { audit } from './audit.ts'
import { checkFresh, placeFresh } from './fresh-orders.ts'
import { endReader, holdBack, startReader } from './held-back.ts'
import { createLateCalls } from './late-calls.ts'
import { rememberEvents, repeatAll, repeatSome } from './late-events.ts'
import { runTask } from './run-task.ts'
import type { DepartureScene } from './scene.ts'

/** In one world of four: it takes as long as another one. */
const SHARE = 0.25
const DAYS = RETENTION_DAYS_MIN
/** After midnight: by then a clock that is slow is past midnight, too. */
const MORNING_MS = 3 * HOUR_MS
const FAULTS_MS = 10 * MINUTE_MS
/** A message may be an hour late, and a leg looks at what had to stay every hour. */
const REST_MS = 3 * HOUR_MS
/** While orders leave. The first ones are at work with faults, the last ones rearm an alarm that the platform gave up. */
const CRONS_MS = [0, 10_000, 60_000, FAULTS_MS + MINUTE_MS, FAULTS_MS + 2 * MINUTE_MS, FAULTS_MS + HOUR_MS]
/** A leg that is away hears of the departure only from a repetition. */
const AWAY_MS = 40 * MINUTE_MS

/** Before anything happens: whether orders leave at the end of this world. */
export const prepareDepartures = ({ stream }: Platform, system: System): boolean => {
  const isLeaving = stream('departing orders').chance() < SHARE
  if (isLeaving) rememberEvents(system)
  return isLeaving
}

/**
 * Once the world is at rest, its orders leave for the archive, while clients still call, and events that were ever sent
 * about them come again. Orders that are placed then leave as the second ones, with those that a late call has changed.
 */
export const letOrdersLeave = async (platform: Platform, scene: DepartureScene): Promise<void> => {
  const { scheduler } = platform
  const { system, watch } = scene
  const random = platform.stream('departing orders')
  const orders = settledOrders(scene)
  if (orders.length === 0 || isOrderServiceAway(system, scheduler.now)) return
  platform.trace('cloud', () => `${orders.length} orders may leave after ${DAYS} days`)
  await runTask(platform, 'late operator', (outlet) => removeConsumers(scene, outlet))
  system.archive.retentionDays = DAYS
  for (const partition of system.orders.values()) partition.evict()
  watch.begin()
  const reader = await startReader(platform, scene, random)
  await waitUntil(platform, morningAfter(orders))
  if (reader?.isNamed) await holdBack(platform, scene, { reader, random })
  await leaveAmongCalls(platform, scene, { orders, random })
  if (reader !== undefined) await endReader(platform, scene, reader)
  const fresh = await runTask(platform, 'late customer', (outlet) => placeFresh(platform, scene, outlet))
  await rest(platform)
  checkFresh(platform, scene, fresh)
  await waitUntil(platform, morningAfter(settledOrders(scene)))
  await leaveQuietly(platform, scene)
  repeatAll(system, watch.left)
  const last = await runTask(platform, 'last customer', (outlet) => placeFresh(platform, scene, outlet))
  await rest(platform)
  checkFresh(platform, scene, last)
  await runTask(platform, 'last reader', (outlet) => createLateCalls(platform, scene).readAll(outlet))
  await runTask(platform, 'auditor', (outlet) => audit(platform, system, outlet))
  checkDeparted(platform, scene, [...fresh, ...last])
}

/** An order that a person has to settle stays, and so does one that was never placed. */
const settledOrders = (scene: DepartureScene): Order[] => {
  const stored = load(scene.system)
  const excused = excusedOrders(stored, scene)
  return [...stored.orders.values()]
    .map(({ order }) => order)
    .filter((order) => order.client !== null && isSettled(order) && !excused.has(order.orderId))
}

const isOrderServiceAway = ({ serviceOutage }: System, now: Instant): boolean =>
  serviceOutage !== undefined && serviceOutage.until > now

/** The consumers of the world's bridges, which do not read any more. */
const removeConsumers = async ({ system }: DepartureScene, outlet: Outlet): Promise<void> => {
  const { feedConsumers } = system.partitionsFor(outlet).orders
  for (const { name } of await feedConsumers.list()) await feedConsumers.remove(name)
}

/** The first morning on which all of the orders are past their retention. */
const morningAfter = (orders: readonly Order[]): Instant =>
  (dayOf(Math.max(...orders.map(lastFactAt))) + 1 + DAYS) * DAY_MS + MORNING_MS

const waitUntil = async ({ scheduler }: Platform, at: Instant): Promise<void> => {
  await scheduler.runUntil(Math.max(at, scheduler.now))
}

const rest = async ({ scheduler }: Platform): Promise<void> => {
  await scheduler.runUntil(scheduler.now + REST_MS)
}

/** The faults of the world go on. Clients change orders that are about to leave, or have just left. */
const leaveAmongCalls = async (
  platform: Platform,
  scene: DepartureScene,
  { orders, random }: { orders: readonly Order[]; random: Random },
): Promise<void> => {
  const { scheduler, faults } = platform
  const { system, cloud } = scene
  faults.isOn = true
  scheduler.after(FAULTS_MS, cloud, () => {
    faults.isOn = false
  })
  for (const atMs of CRONS_MS) scheduler.after(atMs, cloud, () => system.runCronTriggers())
  if (random.chance() < 0.2) loseLeg(platform, scene, random.pick(['inventory', 'payment']))
  createLateCalls(platform, scene).schedule(orders, random)
  repeatSome(platform, scene, { orders, random, withinMs: 2 * FAULTS_MS })
  await scheduler.runUntil(scheduler.now + FAULTS_MS)
  await rest(platform)
}

const loseLeg = (
  { scheduler, trace }: Platform,
  { system }: DepartureScene,
  service: 'inventory' | 'payment',
) => {
  trace('cloud', () => `${service} is away while orders leave`)
  system.serviceOutage = { service, how: 'throws', from: scheduler.now, until: scheduler.now + AWAY_MS }
}

/** Without faults: what had to stay the first time leaves now. */
const leaveQuietly = async (platform: Platform, { system, cloud }: DepartureScene): Promise<void> => {
  for (const atMs of [0, MINUTE_MS]) platform.scheduler.after(atMs, cloud, () => system.runCronTriggers())
  await rest(platform)
}
