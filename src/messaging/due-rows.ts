import type { Instant } from '../kernel/instant.ts'
import type { KeyExpiry } from './key-expiry.ts'
import type { PartitionHost } from './partition.ts'
import { attempt, WAKE_RETRY_MS } from './turn.ts'

type DueRows<Row> = {
  idOf(row: Row): string
  /** The rows as they are by now: they may have changed since the wake-up read them. */
  load(ids: readonly string[]): ReadonlyMap<string, Row>
  /** Names a row in the log. */
  about(row: Row): Record<string, unknown>
  /** Does what is due for a row; `seen` is the row as the wake-up read it. */
  attend(row: Row, seen: Row): void
  /** Gives a row that could not be attended to a due time. Without this it stays as due as it was. */
  postpone?(row: Row, until: Instant): void
}

/** In a turn: attends to each row in a transaction of its own. False where one of them has to be attended to again. */
export const attendAll = <Row>(
  host: PartitionHost,
  due: readonly Row[],
  { idOf, load, about, attend, postpone }: DueRows<Row>,
): boolean => {
  const rows = load(due.map(idOf))
  const until = host.now() + WAKE_RETRY_MS
  const isDone = due.map((seen) => {
    const row = rows.get(idOf(seen))
    if (row === undefined || attempt(host, about(row), () => attend(row, seen)).ok) return true
    return postpone !== undefined && attempt(host, about(row), () => postpone(row, until)).ok
  })
  return isDone.every(Boolean)
}

type AlarmPorts = {
  host: PartitionHost
  keyExpiry: KeyExpiry
  /** When each kind of row is due next. */
  dueTimes(): readonly (Instant | undefined)[]
}

/** The one alarm of a partition. It is set for the row that is due first, and at once where keys have expired. */
export const createAlarm = ({ host, keyExpiry, dueTimes }: AlarmPorts) => {
  const setForDue = (): void => {
    const next = keyExpiry.dueAt() ?? Math.min(...dueTimes().map((at) => at ?? NEVER))
    if (next < NEVER) host.turn(() => host.wakeBy(next))
  }
  return {
    /**
     * Also on every start, and when the partition is rearmed: the platform does not set an alarm again that failed
     * once too often.
     */
    setForDue,

    /** In the last turn of a wake-up: forgets expired keys, and sets the next alarm. Soon, where something failed. */
    endWakeUp: ({ isDone }: { isDone: boolean }): void => {
      const { ok: isForgotten } = attempt(host, {}, () => keyExpiry.forget())
      if (isForgotten && isDone) setForDue()
      else host.wakeBy(host.now() + WAKE_RETRY_MS)
    },
  }
}

export type Alarm = ReturnType<typeof createAlarm>

const NEVER = Number.POSITIVE_INFINITY
