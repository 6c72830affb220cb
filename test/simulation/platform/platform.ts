import type { Instant } from '../../../src/kernel/instant.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Random } from './random.ts'
import type { Actor, Scheduler } from './scheduler.ts'

/** The parts that every simulated part of the platform works with. */
export type Platform = {
  scheduler: Scheduler
  faults: FaultPlan
  stream(name: string): Random
  /** Adds one line to the timeline. The text is only made where the timeline is wanted. */
  trace(who: string, what: () => string): void
  /** Reports an invariant that does not hold. */
  violated(invariant: string, detail: string): void
}

/** The way out of an actor. What it sends leaves at once, or when all that it wrote before is durable. */
export type Outlet = {
  actor: Actor
  leave(send: () => void): void
  /** Looks at the messages to a queue at the moment when they leave. */
  onSend?(bodies: readonly unknown[]): void
}

/** The actor of all that the platform does by itself. It is always alive, and its clock is always right. */
export const createCloud = (scheduler: Scheduler, random: Random): Actor => ({
  name: 'cloud',
  isAlive: () => true,
  now: () => scheduler.now,
  chance: () => random.chance(),
})

/** A few milliseconds, and sometimes many. */
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
