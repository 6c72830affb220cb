import { ALARM_RETRY_MS } from './alarm-clock.ts'
import { failStart, start } from './life.ts'
import type { Memory, ObjectCore } from './memory.ts'
import { openTransaction } from './transaction.ts'
import { ALARM_TURN } from './turn.ts'

type WithAlarm = { alarm?(): unknown }

/** The alarm rings: it starts the object if need be, and runs its alarm handler. */
export const ring = <Instance extends WithAlarm>(core: ObjectCore<Instance>): void => {
  const { faults } = core.platform
  // An alarm is over once its commit is. Until then it does not ring again, and that commit arms the next one.
  if (core.memory?.isAlarmRunning || core.memory?.isAlarmDone) return
  if (core.memory === undefined && faults.hits('alarmGivenUp')) giveUp(core)
  else if (faults.hits('alarmThrows')) core.alarm.arm(ALARM_RETRY_MS)
  else run(core, faults.hits('alarmTwice'))
}

const run = <Instance extends WithAlarm>(core: ObjectCore<Instance>, isTwice: boolean): void => {
  const memory = start(core)
  if (memory instanceof Error) {
    core.alarm.arm(ALARM_RETRY_MS)
    return
  }
  core.platform.trace(core.name, () => 'wakes')
  memory.isAlarmRunning = true
  core.alarm.beginHandling()
  memory.isReady.then(
    () => handle(core, memory, isTwice),
    (error) => failStart(core, memory, error),
  )
}

/** The object could not start until the platform had used up its retries. */
const giveUp = <Instance>({ name, platform, alarm }: ObjectCore<Instance>): void => {
  platform.trace(name, () => 'cannot start, and its alarm is given up')
  // Some runtimes go on reporting an alarm as set that they have given up.
  if (platform.faults.stream('alarmGivenUp').chance() < 0.5) alarm.stored = undefined
}

const handle = async <Instance extends WithAlarm>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
  isTwice: boolean,
): Promise<void> => {
  await memory.instance.alarm?.()
  if (core.memory !== memory) return
  openTransaction(core, memory)
  memory.turns.push(ALARM_TURN)
  memory.isAlarmRunning = false
  memory.isAlarmDone = true
  if (isTwice) core.platform.scheduler.after(core.random.between(1, 5_000), core.cloud, () => ring(core))
}
