import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { Platform } from '../platform/platform.ts'
import type { Random } from '../platform/random.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { System } from '../system/system.ts'

const OUTAGE_MS = 25 * HOUR_MS
const FAULTS_EVERY_MS = 10_000
/** As in the Workers' configurations. */
export const CRON_EVERY_MS = 10 * MINUTE_MS

type Scene = { platform: Platform; system: System; cloud: Actor; random: Random }

/** Schedules the faults of the whole platform (restarts, lost queues, wrong clocks, an outage) and its cron triggers. */
export const schedulePlatformFaults = (platform: Platform, system: System, cloud: Actor): void => {
  const scene = { platform, system, cloud, random: platform.stream('misfortunes') }
  scheduleRestarts(scene)
  scheduleCronTriggers(scene)
  scheduleClockJumps(scene)
  scheduleOutage(scene)
}

const spanOf = ({ setup }: System): number => setup.spanMs + setup.faultsMs

const scheduleRestarts = ({ platform, system, cloud, random }: Scene): void => {
  const { scheduler, faults } = platform
  for (let atMs = 0; atMs < spanOf(system); atMs += FAULTS_EVERY_MS) {
    scheduler.after(atMs + random.below(FAULTS_EVERY_MS), cloud, () => {
      for (const queue of queuesOf(system)) {
        if (faults.hits('queueForgets')) queue.forget()
      }
      if (faults.hits('restart')) restart(platform, system)
    })
  }
}

const scheduleCronTriggers = ({ platform, system, cloud }: Scene): void => {
  for (let atMs = CRON_EVERY_MS; atMs < spanOf(system); atMs += CRON_EVERY_MS)
    platform.scheduler.after(atMs, cloud, () => system.runCronTriggers())
}

const scheduleClockJumps = ({ platform, system, cloud, random }: Scene): void => {
  for (const partition of system.partitions()) {
    const ms = random.pick([HOUR_MS, -HOUR_MS])
    const atMs = random.below(spanOf(system))
    platform.scheduler.after(atMs, cloud, () => {
      if (platform.faults.hits('clockJumps')) partition.jump(ms)
    })
  }
}

const scheduleOutage = ({ platform, system, cloud, random }: Scene): void => {
  const { scheduler, faults } = platform
  scheduler.after(random.below(spanOf(system)), cloud, () => {
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
  for (const queue of queuesOf(system)) queue.forget()
}

const queuesOf = ({ inboxes, webhookQueue }: System) => [...Object.values(inboxes), webhookQueue]
