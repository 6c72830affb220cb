import type { Instant } from '../../../../src/kernel/instant.ts'
import type { Platform } from '../platform.ts'
import type { Actor, Timer } from '../scheduler.ts'

/** An alarm that was cut off is tried again after this. */
export const ALARM_RETRY_MS = 2_000

type AlarmOwner = {
  now(): Instant
  /** The alarm handler is running, and sets the next alarm itself. */
  isAlarmRunning(): boolean
  ring(): void
}

/** The changes of the alarm that a commit makes durable. */
type AlarmChange = { alarmSet: { at: Instant } | undefined; isAlarmDone: boolean }

/** The one alarm of an object. The platform stores it, so that it survives a crash. */
export class AlarmClock {
  /** When it rings, by the object's own clock. */
  stored: Instant | undefined
  #ringing: Timer | undefined
  /** The stored alarm is the one that is being handled. */
  #isHandled = false
  readonly #platform: Platform
  readonly #cloud: Actor
  readonly #owner: AlarmOwner

  constructor(platform: Platform, cloud: Actor, owner: AlarmOwner) {
    this.#platform = platform
    this.#cloud = cloud
    this.#owner = owner
  }

  /** Lets the stored alarm ring by the object's own clock, unless it is being handled. */
  arm(notBeforeMs = 0): void {
    const { scheduler, faults } = this.#platform
    this.#ringing?.cancel()
    this.#ringing = undefined
    if (this.stored === undefined || this.#owner.isAlarmRunning()) return
    const size = faults.stream('alarmLate')
    const earlyMs = faults.hits('alarmEarly') ? size.between(1, 5_000) : 0
    const lateMs = faults.hits('alarmLate') ? size.pick([50, 1_000, 10_000, 60_000, 600_000]) : 0
    const delayMs = Math.max(this.stored - this.#owner.now() - earlyMs + lateMs, notBeforeMs, 1)
    this.#ringing = scheduler.after(delayMs, this.#cloud, () => this.#owner.ring())
  }

  /** The handler of the stored alarm has begun. */
  beginHandling(): void {
    this.#isHandled = true
  }

  /** A crash cuts the handler off. */
  cutOff(): void {
    this.#isHandled = false
    this.arm(ALARM_RETRY_MS)
  }

  /** Stores what a commit changed. */
  keep({ alarmSet, isAlarmDone }: AlarmChange): void {
    if (isAlarmDone && this.#isHandled) this.stored = undefined
    if (alarmSet !== undefined) this.stored = alarmSet.at
    if (!isAlarmDone && alarmSet === undefined) return
    this.#isHandled = false
    this.arm()
  }

  /** The alarm that the object sees as set. One that is being handled does not count. */
  visible(isAlarmRunning: boolean): Instant | undefined {
    return isAlarmRunning && this.#isHandled ? undefined : this.stored
  }
}
