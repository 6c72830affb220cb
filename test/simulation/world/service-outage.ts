import type { Subscriber } from '../../../src/contracts/topology.ts'
import { type Instant, MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { FaultPlan } from '../platform/fault-plan.ts'
import type { Platform } from '../platform/platform.ts'
import type { Random } from '../platform/random.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { System } from '../system/system.ts'
import type { Setup } from './setup.ts'

const HOUR_MS = 60 * MINUTE_MS
const NAMESPACES: readonly (string | symbol)[] = ['ORDERS', 'STOCK', 'PAYMENTS', 'WEBHOOKS']

/**
 * The consumers of one service fail at everything, for up to an hour: they throw whatever comes, as after a deployment that
 * went wrong, or do not reach a single partition. Its HTTP routes are not touched.
 */
export type ServiceOutage = {
  service: Subscriber
  how: 'throws' | 'reaches nobody'
  from: Instant
  until: Instant
}

/** Where nothing else is wrong, orders come before, during and after the hour, and some are not decided in it. */
export const withServiceOutage = (setup: Setup, { single }: FaultPlan, random: Random): Setup => {
  if (single !== 'serviceAway') return setup
  const [first, ...others] = setup.products
  return {
    ...setup,
    products: [first, ...others.map((product) => ({ ...product, launchAtMs: 0 }))],
    deadlineMs: random.pick([setup.deadlineMs, 2 * HOUR_MS]),
    orders: setup.orders + 2,
    spanMs: 1.5 * HOUR_MS,
  }
}

/** Draws which service is to be away, how and from when. It comes back also where faults are over by then. */
export const scheduleServiceOutage = (platform: Platform, system: System, cloud: Actor): void => {
  const { scheduler, faults, stream } = platform
  const random = stream('absence')
  const service = random.pick<Subscriber>(['inventory', 'payment', 'order', 'operations'])
  const how = random.pick<ServiceOutage['how']>(['throws', 'reaches nobody'])
  const drawnMs = random.pick([MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS])
  const forMs = faults.single === undefined ? drawnMs : HOUR_MS
  scheduler.after(random.below(Math.ceil(system.setup.spanMs / 3)), cloud, () => {
    if (!faults.hits('serviceAway')) return
    platform.trace('cloud', () => `${service} ${how} for ${forMs / MINUTE_MS} minutes`)
    system.serviceOutage = { service, how, from: scheduler.now, until: scheduler.now + forMs }
  })
}

export const isAway = (
  serviceOutage: ServiceOutage | undefined,
  service: Subscriber,
  now: Instant,
): boolean => serviceOutage?.service === service && now < serviceOutage.until

/** An environment whose partitions cannot be reached. */
export const cutOff = <Env extends object>(env: Env): Env =>
  new Proxy(env, {
    get: (target, name) => (NAMESPACES.includes(name) ? NOBODY : Reflect.get(target, name)),
  })

const NOBODY = {
  getByName: () => new Proxy({}, { get: () => () => Promise.reject(new Error('Network connection lost.')) }),
}
