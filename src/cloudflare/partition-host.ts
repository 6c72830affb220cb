import { hash32 } from '../kernel/hash.ts'
import { SECOND_MS } from '../kernel/instant.ts'
import { traceIdsOf } from '../kernel/trace.ts'
import type { Outgoing } from '../messaging/outgoing.ts'
import { createPace } from '../messaging/pace.ts'
import type { Log, PartitionHost } from '../messaging/partition.ts'
import type { Sql } from '../messaging/sql.ts'
import { createTurns, WAKE_RETRY_MS } from '../messaging/turn.ts'
import type { Publisher } from './publisher.ts'

/**
 * The platform tries an alarm for some two minutes, and then gives it up. It may still report that alarm as set: an alarm
 * that is later than this does not come.
 */
const ALARM_LATE_MS_MAX = 150_000

/**
 * Rows are due at whole seconds, so that they share an alarm. The alarms of the partitions ring apart from each other, at
 * most so late: all lists that were written at the same moment would hold new orders up.
 */
const APART_MS_MAX = 600

/** All work of a partition waits for its one alarm: a read model that hangs must not hold the alarm up. */
export const PORT_TIMEOUT_MS = 10_000

export type DurableHost = {
  host: PartitionHost
  /** Runs a wake-up, and makes sure of the next one, also when this one fails. */
  onAlarm(wake: () => Promise<void>): Promise<void>
  /** Reads whether the alarm is still set, and sets it for the work that is due. */
  rearm(wakeForDue: () => void): Promise<void>
}

/** Hosts a partition in a Durable Object: its SQLite, its one alarm, and events that leave after the commit. */
export const createDurableHost = (ctx: DurableObjectState, publisher: Publisher, log: Log): DurableHost => {
  const alarm = createAlarm(ctx, log)
  const turns = createTurns((work) => ctx.storage.transactionSync(work), {
    publish: createSender(ctx, publisher, log),
    wakeBy: alarm.wakeBy,
  })
  const host: PartitionHost = {
    sql: durableSql(ctx.storage.sql),
    now: () => Date.now(),
    chance: () => Math.random(),
    after,
    ...turns,
    log,
  }
  /** The platform gives an alarm up after six failures, so no failure reaches it: the next alarm is set here. */
  const onAlarm = async (wake: () => Promise<void>) => {
    alarm.fired()
    try {
      await wake()
    } catch (error) {
      log('error', 'a partition could not do what is due', { partition: ctx.id.name, error: String(error) })
      alarm.wakeBy(Date.now() + WAKE_RETRY_MS)
    }
  }
  const rearm = async (wakeForDue: () => void) => {
    await alarm.read()
    wakeForDue()
  }
  return { host, onAlarm, rearm }
}

export const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const durableSql =
  (sql: SqlStorage): Sql =>
  <Row>(query: string, ...bindings: (string | number | null)[]) =>
    sql.exec(query, ...bindings).toArray() as Row[]

/** Each setting of an alarm writes a row, so the alarm is set only to ring earlier than it would. */
const createAlarm = (ctx: DurableObjectState, log: Log) => {
  /** `undefined` for no alarm. A time that is asked for before the stored alarm was read waits in `asked`. */
  let ringsAt: number | undefined
  /** The alarm that rang last. Until its handler's commit the platform may go on reporting it as set. */
  let rangAt: number | undefined
  let asked = Number.POSITIVE_INFINITY
  let isKnown = false
  const isComingBy = (at: number) =>
    ringsAt !== undefined && ringsAt <= at && ringsAt > Date.now() - ALARM_LATE_MS_MAX
  const wakeBy = (due: number) => {
    const at = due % SECOND_MS === 0 ? due + (hash32(ctx.id.name ?? '') % APART_MS_MAX) : due
    if (!isKnown) asked = Math.min(asked, at)
    if (!isKnown || isComingBy(at)) return
    ringsAt = Math.max(at, Date.now())
    ctx.storage.setAlarm(ringsAt).catch((error) => {
      ringsAt = undefined
      log('error', 'an alarm could not be set', { partition: ctx.id.name, error: String(error) })
    })
  }
  const read = async () => {
    const stored = (await ctx.storage.getAlarm()) ?? undefined
    ringsAt = stored === rangAt ? undefined : stored
  }
  void ctx.blockConcurrencyWhile(async () => {
    await read()
    isKnown = true
    if (asked < Number.POSITIVE_INFINITY) wakeBy(asked)
  })
  return {
    wakeBy,
    fired: () => {
      rangAt = ringsAt
      ringsAt = undefined
    },
    read,
  }
}

/**
 * While one send is under way, and until the linger has passed since it began, events gather for the next: a busy
 * partition sends few and full messages. After a longer pause the first events go at once.
 */
const createSender = (ctx: DurableObjectState, { publish, lingerMs }: Publisher, log: Log) => {
  const pace = createPace(lingerMs, Date.now)
  let waiting: Outgoing[] = []
  let isSending = false
  const sendAll = async () => {
    while (waiting.length > 0) {
      await pause(pace.waitMs())
      const outgoing = waiting
      waiting = []
      pace.begin()
      await publish(outgoing).catch((error) =>
        log('warn', 'events could not be published; they are sent again', {
          events: outgoing.length,
          traceIds: traceIdsOf(outgoing.map(({ event }) => event)),
          error: String(error),
        }),
      )
    }
    isSending = false
  }
  return (outgoing: readonly Outgoing[]) => {
    waiting.push(...outgoing)
    if (waiting.length === 0 || isSending) return
    isSending = true
    ctx.waitUntil(Promise.resolve().then(sendAll))
  }
}

const pause = async (ms: number): Promise<void> => {
  if (ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, ms))
}
