import type { Instant } from '../../../../src/kernel/instant.ts'
import { tableWritten } from '../databases.ts'
import { isOver, type Memory, type ObjectCore } from './memory.ts'
import { beforeWrite, openTransaction } from './transaction.ts'
import { RESET } from './turn.ts'

/** The errors that a statement may throw without an end of its transaction. */
const STATEMENT_ERRORS = [
  'database is locked: SQLITE_BUSY',
  'attempt to write a readonly database: SQLITE_READONLY',
  'database or disk is full: SQLITE_FULL',
  'CHECK constraint failed: SQLITE_CONSTRAINT',
] as const

/** The part of `DurableObjectState` that the partition host uses. */
export const createObjectState = <Instance>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
): DurableObjectState => {
  const state = {
    id: { name: core.name, equals: (other: DurableObjectId) => other.name === core.name },
    storage: {
      sql: {
        exec: (query: string, ...bindings: (string | number | null)[]) => {
          const table = tableWritten(query)
          if (table !== '') beforeWrite(core, memory, table)
          failSometimes(core)
          const rows = core.sql(query, ...bindings)
          if (table !== '') memory.writesKept += 1
          return { toArray: () => rows }
        },
        get databaseSize() {
          return core.ports.sizeBytes?.() ?? 0
        },
      },
      transactionSync: <Value>(work: () => Value) => runInSavepoint(core, memory, work),
      getAlarm: async () => memory.alarmSet?.at ?? core.alarm.visible(memory.isAlarmRunning) ?? null,
      setAlarm: async (at: Instant) => {
        if (isOver(core, memory)) return
        openTransaction(core, memory)
        memory.alarmSet = { at }
      },
    },
    blockConcurrencyWhile: (work: () => Promise<void>) => {
      const done = work()
      memory.isReady = Promise.all([memory.isReady, done]).then(() => {})
      memory.isReady.catch(() => {})
      return done
    },
    waitUntil: () => {},
  }
  // The part of the state that the project uses: a call of anything else fails in the world that makes it.
  return state as unknown as DurableObjectState
}

/** A savepoint of the open transaction. It is undone where the work throws, and with all else in a crash. */
const runInSavepoint = <Instance, Value>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
  work: () => Value,
): Value => {
  if (isOver(core, memory)) throw new Error(RESET)
  openTransaction(core, memory)
  const { writesKept } = memory
  memory.savepoints += 1
  const savepoint = `turn_${memory.savepoints}`
  core.sql(`SAVEPOINT ${savepoint}`)
  const end = () => {
    memory.savepoints -= 1
    if (isOver(core, memory)) throw new Error(RESET)
    core.sql(`RELEASE ${savepoint}`)
  }
  try {
    const value = work()
    end()
    return value
  } catch (error) {
    if (isOver(core, memory)) throw new Error(RESET, { cause: error })
    core.sql(`ROLLBACK TO ${savepoint}`)
    memory.writesKept = writesKept
    end()
    throw error
  }
}

/**
 * No draw is made before the faults begin: an object that starts on a database of an earlier world, which has its tables
 * already, then runs fewer statements than one on a new database.
 */
const failSometimes = <Instance>({ name, platform }: ObjectCore<Instance>): void => {
  const { faults } = platform
  if (!faults.isOn || !faults.hits('statementFails')) return
  const error = faults.stream('statementFails').pick(STATEMENT_ERRORS)
  platform.trace(name, () => `a statement throws: ${error}`)
  throw new Error(error)
}
