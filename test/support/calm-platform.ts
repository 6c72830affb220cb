import { FAULTS, FaultPlan } from '../simulation/platform/fault-plan.ts'
import type { Platform } from '../simulation/platform/platform.ts'
import { createRandoms } from '../simulation/platform/random.ts'
import { Scheduler } from '../simulation/platform/scheduler.ts'
import { NOW } from './builders.ts'

/** The simulation's platform without faults. A broken invariant throws. */
export const createCalmPlatform = (): Platform => {
  const stream = createRandoms(1)
  return {
    scheduler: new Scheduler(NOW, stream('scheduler')),
    faults: new FaultPlan(stream, { withoutFaults: FAULTS }),
    stream,
    trace: () => {},
    violated: (invariant, detail) => {
      throw new Error(`${invariant}: ${detail}`)
    },
  }
}
