import type { Instant } from '../../../src/kernel/instant.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Random } from './random.ts'
import type { Actor, Scheduler } from './scheduler.ts'

/** What every simulated part of the platform works with. */
export type Platform = {
  scheduler: Scheduler
  faults: FaultPlan
  stream(name: string): Random
  /** One line of the timeline; the text is only made where somebody reads it. */
  trace(who: string, what: () => string): void
  /** A invariant that does not hold. */
  violated(invariant: string, detail: string): void
}

/** Where something said by an actor goes out: at once, or when what it wrote before is durable. */
export type Outlet = {
  actor: Actor
  leave(send: () => void): void
  /** Looks at what is sent to a queue at the moment when it leaves. */
  onSend?(bodies: readonly unknown[]): void
}

/** The network itself: always there, never wrong about the time. */
export const createCloud = (scheduler: Scheduler, random: Random): Actor => ({
  name: 'cloud',
  isAlive: () => true,
  now: () => scheduler.now,
  chance: () => random.chance(),
})

/** A few milliseconds, now and then many. */
export const latencyMs = (random: Random): number => {
  const drawn = random.chance()
  return drawn < 0.9 ? 1 + Math.floor(drawn * 8) : Math.floor((drawn - 0.9) * 3_000)
}

/** One invocation of a Worker or one caller: it lives until it is killed. */
export const createInvocation = (platform: Platform, name: string): Outlet & { kill(): void } => {
  const { scheduler } = platform
  const random = platform.stream(`invocation/${name}`)
  let isAlive = true
  const actor: Actor = {
    name,
    isAlive: () => isAlive,
    now: (): Instant => scheduler.now,
    chance: () => random.chance(),
  }
  return {
    actor,
    leave: (send) => send(),
    kill: () => {
      isAlive = false
    },
  }
}
