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
 * The consumers of one service fail for up to an hour. Either they throw at each batch, as after a bad deployment, or they
 * reach no partition. The service's HTTP routes still work.
 */
export type ServiceOutage = {
  service: Subscriber
  how: 'throws' | 'reaches no partition'
  from: Instant
  until: Instant
}

/** Where the outage is the only fault, orders come before, during and after its hour, and some are still pending after it. */
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

/** Draws which service is away, how and from when. It comes back even if that is after the end of all faults. */
export const scheduleServiceOutage = (platform: Platform, system: System, cloud: Actor): void => {
  const { scheduler, faults, stream } = platform
  const random = stream('absence')
  const service = random.pick<Subscriber>(['inventory', 'payment', 'order', 'operations'])
  const how = random.pick<ServiceOutage['how']>(['throws', 'reaches no partition'])
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
    get: (target, name) => (NAMESPACES.includes(name) ? UNREACHABLE : Reflect.get(target, name)),
  })

const UNREACHABLE = {
  getByName: () => new Proxy({}, { get: () => () => Promise.reject(new Error('Network connection lost.')) }),
}
