import type { Instant } from '../../../../src/kernel/instant.ts'
import type { Sql } from '../../../../src/messaging/sql.ts'
import type { Outlet, Platform } from '../platform.ts'
import type { Random } from '../random.ts'
import type { Actor } from '../scheduler.ts'
import type { AlarmClock } from './alarm-clock.ts'
import type { Turn, TurnsEnd } from './turn.ts'

export type ObjectPorts<Instance> = {
  name: string
  sql: Sql
  /**
   * Makes an instance of its class, anew after each crash. What the instance sends through its outlet leaves after the
   * commit.
   */
  create(state: DurableObjectState, outlet: Outlet): Instance
  /** What the object reads as the size of its database; 0 without it. */
  sizeBytes?(): number
  /** Runs when turns have ended, in a commit or a crash, over what is durable then. */
  onEnd?(end: TurnsEnd): void
}

export type Reply = { deliver(): void; fail(error: Error): void }

/** All that a crash takes away. */
export type Memory<Instance> = {
  actor: Actor
  instance: Instance
  /** What was sent since the transaction was opened. It leaves after the commit. */
  held: (() => void)[]
  replies: Reply[]
  turns: Turn[]
  isInTransaction: boolean
  hasCrashed: boolean
  /** The tables that the open transaction may have changed. */
  written: Set<string>
  /** Turns within turns, each a savepoint of the open transaction. */
  savepoints: number
  /** How many writes of this life were not undone. */
  writesKept: number
  /** The alarm that the open transaction sets. */
  alarmSet: { at: Instant } | undefined
  /** The alarm handler has returned, and its commit has not come yet. */
  isAlarmDone: boolean
  isAlarmRunning: boolean
  isReady: Promise<void>
  /** Calls that wait until the object is ready. */
  entering: Set<{ fail(error: Error): void }>
  /** Calls that await something. */
  awaiting: Set<{ fail(error: Error): void }>
}

/** One object: what survives a crash, and its memory while it has one. */
export type ObjectCore<Instance> = {
  readonly name: string
  readonly sql: Sql
  readonly platform: Platform
  readonly ports: ObjectPorts<Instance>
  readonly cloud: Actor
  readonly random: Random
  readonly alarm: AlarmClock
  memory: Memory<Instance> | undefined
  /** The database has an open transaction. */
  isOpen: boolean
  /** How often it was started. */
  lives: number
  now(): Instant
}

/** The memory of an object at its start, before there is an instance. */
export const emptyMemory = (actor: Actor): Omit<Memory<never>, 'instance'> => ({
  actor,
  held: [],
  replies: [],
  turns: [],
  isInTransaction: false,
  hasCrashed: false,
  written: new Set(),
  savepoints: 0,
  writesKept: 0,
  alarmSet: undefined,
  isAlarmDone: false,
  isAlarmRunning: false,
  isReady: Promise.resolve(),
  entering: new Set(),
  awaiting: new Set(),
})

/** Whether this memory is gone: it crashed, or the object has a newer one. */
export const isOver = <Instance>({ memory: current }: ObjectCore<Instance>, memory: Memory<Instance>) =>
  memory.hasCrashed || (current !== undefined && current !== memory)
