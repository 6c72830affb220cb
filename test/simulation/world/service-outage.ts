import type { Service } from '../../../src/contracts/topology.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { FaultPlan } from '../platform/fault-plan.ts'
import type { Platform } from '../platform/platform.ts'
import type { Random } from '../platform/random.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { ServiceOutage } from '../system/outage-effect.ts'
import type { System } from '../system/system.ts'
import type { Setup } from './setup.ts'

const HOUR_MS = 60 * MINUTE_MS

/**
 * Where the outage is the only fault, orders come before, during and after its hour, and some are still pending after
 * it.
 */
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
  const service = random.pick<Service>(['inventory', 'payment', 'order', 'operations'])
  const how = random.pick<ServiceOutage['how']>(['throws', 'reaches no partition'])
  const drawnMs = random.pick([MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS])
  const forMs = faults.single === undefined ? drawnMs : HOUR_MS
  scheduler.after(random.below(Math.ceil(system.setup.spanMs / 3)), cloud, () => {
    if (!faults.hits('serviceAway')) return
    platform.trace('cloud', () => `${service} ${how} for ${forMs / MINUTE_MS} minutes`)
    system.serviceOutage = { service, how, from: scheduler.now, until: scheduler.now + forMs }
  })
}
