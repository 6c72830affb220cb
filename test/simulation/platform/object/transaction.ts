import { isOver, type Memory, type ObjectCore } from './memory.ts'
import { ALARM_TURN, type CrashPoint, RESET } from './turn.ts'

/** Opens a transaction, unless one is open. All turns until its commit share it. */
export const openTransaction = <Instance>(core: ObjectCore<Instance>, memory: Memory<Instance>): void => {
  if (memory.isInTransaction) return
  const { scheduler, faults } = core.platform
  core.sql('BEGIN')
  core.isOpen = true
  memory.isInTransaction = true
  const delayMs = faults.hits('slowCommit') ? core.random.between(10, 3_000) : core.random.below(4)
  scheduler.after(delayMs, core.cloud, () => {
    if (core.memory === memory) commit(core, memory)
  })
}

const commit = <Instance>(core: ObjectCore<Instance>, memory: Memory<Instance>): void => {
  const { faults, scheduler } = core.platform
  if (faults.hits('crashBeforeCommit')) {
    crash(core, 'before commit')
    return
  }
  core.sql('COMMIT')
  core.isOpen = false
  memory.isInTransaction = false
  keepAlarm(core, memory)
  const { turns, held, replies, written } = memory
  Object.assign(memory, { turns: [], held: [], replies: [], written: new Set() })
  const isCrashing = faults.hits('crashAfterCommit')
  const wrote = (table: string) => written.has(table) || written.has('*')
  core.ports.onEnd?.({ point: isCrashing ? 'after commit' : 'none', turns, wrote })
  if (isCrashing) {
    crashAfterCommit(core, memory, { held, replies })
    return
  }
  scheduler.become(memory.actor)
  for (const send of held) send()
  for (const reply of replies) reply.deliver()
  if (!memory.isAlarmRunning && faults.hits('eviction')) evict(core)
}

const keepAlarm = <Instance>({ alarm }: ObjectCore<Instance>, memory: Memory<Instance>): void => {
  const { alarmSet, isAlarmDone } = memory
  memory.alarmSet = undefined
  memory.isAlarmDone = false
  alarm.keep({ alarmSet, isAlarmDone })
}

/** The commit is durable, and only some of what waited for it leaves before the crash. */
const crashAfterCommit = <Instance>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
  { held, replies }: Pick<Memory<Instance>, 'held' | 'replies'>,
): void => {
  const sent = core.random.below(held.length + 1)
  const replied = core.random.below(replies.length + 1)
  for (const send of held.slice(0, sent)) send()
  for (const reply of replies.slice(0, replied)) reply.deliver()
  memory.replies = replies.slice(replied)
  crash(core, 'after commit')
}

/** The object loses its memory and its open transaction, and its callers get an error. */
export const crash = <Instance>(core: ObjectCore<Instance>, point: CrashPoint): void => {
  const { memory, platform, ports } = core
  if (memory === undefined) return
  platform.trace(core.name, () => `crashes ${point}`)
  if (memory.isInTransaction) core.sql('ROLLBACK')
  core.isOpen = false
  core.memory = undefined
  memory.hasCrashed = true
  if (point !== 'after commit') {
    const turns = memory.isAlarmRunning ? [...memory.turns, ALARM_TURN] : memory.turns
    ports.onEnd?.({ point, turns, wrote: () => false })
  }
  for (const call of [...memory.replies, ...memory.entering, ...memory.awaiting]) call.fail(new Error(RESET))
  memory.entering = new Set()
  memory.awaiting = new Set()
  core.alarm.cutOff()
}

/** The platform takes an idle object out of memory. */
export const evict = <Instance>(core: ObjectCore<Instance>): void => {
  const { memory } = core
  if (memory === undefined || memory.isAlarmRunning || memory.isInTransaction || memory.entering.size > 0)
    return
  core.platform.trace(core.name, () => 'evicted')
  core.memory = undefined
}

/** A write of an object that is crashed already, or crashes now, fails. */
export const beforeWrite = <Instance>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
  table: string,
): void => {
  const { faults, violated } = core.platform
  if (isOver(core, memory)) throw new Error(RESET)
  if (memory.savepoints === 0)
    violated('every write is part of a turn', `${core.name} writes ${table} outside one`)
  const isBetween = core.memory === memory && memory.isInTransaction && memory.written.size > 0
  if (isBetween && faults.isOn && faults.hits('crashInTurn')) {
    crash(core, 'in a turn')
    throw new Error(RESET)
  }
  openTransaction(core, memory)
  memory.written.add(table)
}
