import { HOUR_MS, type Instant } from '../../../../src/kernel/instant.ts'
import type { Sql } from '../../../../src/messaging/sql.ts'
import { latencyMs, type Platform } from '../platform.ts'
import type { Actor } from '../scheduler.ts'
import { AlarmClock } from './alarm-clock.ts'
import type { ObjectCore, ObjectPorts } from './memory.ts'
import { ring } from './run-alarm.ts'
import { takeTurn } from './take-turn.ts'
import { crash, evict } from './transaction.ts'
import type { Turn } from './turn.ts'

/**
 * A Durable Object as workerd runs it. A call is one turn. Turns that come before the commit of an earlier one share
 * its transaction. Replies, publications and the alarm wait for that commit. A crash rolls back, drops all that waits
 * and all memory, and fails the calls. The database and its stored alarm survive it.
 */
export class SimulatedObject<Instance extends { alarm?(): unknown }> {
  readonly name: string
  readonly sql: Sql
  readonly #core: ObjectCore<Instance>
  #clockOffsetMs: number

  constructor(platform: Platform, cloud: Actor, ports: ObjectPorts<Instance>, clockOffsetMs: number) {
    const { name, sql } = ports
    this.name = name
    this.sql = sql
    this.#clockOffsetMs = clockOffsetMs
    const now = () => this.now()
    const alarm = new AlarmClock(platform, cloud, {
      now,
      isAlarmRunning: () => this.#core.memory?.isAlarmRunning ?? false,
      ring: () => ring(this.#core),
    })
    const random = platform.stream(`object/${name}`)
    const asleep = { memory: undefined, isOpen: false, lives: 0 }
    this.#core = { ...{ name, sql, platform, ports, cloud, random, alarm, now }, ...asleep }
  }

  /** A call over the network: one turn at most. The caller gets a reply or an error, or neither if it is gone by then. */
  call<Value>(caller: Actor, turn: Turn, run: (instance: Instance) => Value): Promise<Value> {
    const { platform, random, cloud, name } = this.#core
    const { scheduler, faults } = platform
    return new Promise<Value>((resolve, reject) => {
      const fail = (error: Error) => scheduler.resume(latencyMs(random), caller, () => reject(error))
      if (faults.hits('callLost')) {
        platform.trace(name, () => `${turn.what} is lost on its way`)
        fail(new Error('Network connection lost.'))
        return
      }
      const done = (value: Value) => scheduler.resume(latencyMs(random), caller, () => resolve(value))
      scheduler.after(latencyMs(random), cloud, () => takeTurn(this.#core, { turn, run, done, fail }))
    })
  }

  storedAlarm(): Instant | undefined {
    return this.#core.alarm.stored
  }

  now(): Instant {
    return this.#core.platform.scheduler.now + this.#clockOffsetMs
  }

  /** The clock is put forward or back. The stored alarm rings by the new time. */
  jump(ms: number): void {
    this.#clockOffsetMs += ms
    this.#core.platform.trace(this.name, () => `clock jumps by ${ms / HOUR_MS} h`)
    this.#core.alarm.arm()
  }

  evict(): void {
    evict(this.#core)
  }

  /** Its process is killed, at any point of its work. */
  die(): void {
    crash(this.#core, this.#core.memory?.isAlarmRunning ? 'at an await' : 'before commit')
  }

  /** Ends an open transaction, so that the next world can use the database. */
  close(): void {
    if (this.#core.memory?.isInTransaction) this.sql('ROLLBACK')
    this.#core.memory = undefined
  }
}
