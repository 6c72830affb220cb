import type { Outlet } from '../platform.ts'
import type { Actor } from '../scheduler.ts'
import { emptyMemory, type Memory, type ObjectCore } from './memory.ts'
import { createObjectState } from './object-state.ts'
import { crash } from './transaction.ts'

/** The memory of an object, made now where it has none. An error where its constructor throws. */
export const start = <Instance>(core: ObjectCore<Instance>): Memory<Instance> | Error => {
  const { scheduler } = core.platform
  if (core.memory !== undefined) {
    scheduler.become(core.memory.actor)
    return core.memory
  }
  core.lives += 1
  const life: { memory?: Memory<Instance> } = {}
  const actor = createActor(core, life)
  scheduler.become(actor)
  try {
    life.memory = build(core, actor)
    core.memory = life.memory
    return life.memory
  } catch (error) {
    if (core.isOpen) core.sql('ROLLBACK')
    core.isOpen = false
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Lives as long as its memory is the object's, and may crash at each await of the alarm handler. */
const createActor = <Instance>(core: ObjectCore<Instance>, life: { memory?: Memory<Instance> }): Actor => {
  const chance = core.platform.stream(`chance/${core.name}/${core.lives}`)
  return {
    name: core.name,
    isAlive: () => life.memory === undefined || core.memory === life.memory,
    now: () => core.now(),
    chance: () => chance.chance(),
    beforeResume: () => {
      const isRunning = life.memory?.isAlarmRunning && core.memory === life.memory
      if (isRunning && core.platform.faults.hits('crashAtAwait')) crash(core, 'at an await')
    },
  }
}

/** Runs the constructor, as the platform does. */
const build = <Instance>(core: ObjectCore<Instance>, actor: Actor): Memory<Instance> => {
  const memory = emptyMemory(actor) as Memory<Instance>
  const outlet: Outlet = {
    actor,
    leave: (send) => {
      if (memory.isInTransaction) memory.held.push(send)
      else send()
    },
  }
  memory.instance = core.ports.create(createObjectState(core, memory), outlet)
  return memory
}

/** The work that the constructor waits for failed. The object is reset, and the waiting callers get the error. */
export const failStart = <Instance>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
  error: unknown,
): void => {
  if (core.memory !== memory) return
  core.platform.trace(core.name, () => `cannot start: ${error}`)
  const { entering } = memory
  memory.entering = new Set()
  crash(core, 'at an await')
  for (const { fail } of entering) fail(error instanceof Error ? error : new Error(String(error)))
}
