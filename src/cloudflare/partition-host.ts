import { traceIdsOf } from '../kernel/trace.ts'
import type { Outgoing, Publish } from '../messaging/outgoing.ts'
import type { Log, PartitionHost } from '../messaging/partition.ts'
import type { Sql } from '../messaging/sql.ts'
import { createTurns, WAKE_RETRY_MS } from '../messaging/turn.ts'

/**
 * The platform tries an alarm for some two minutes, and then gives it up. It may be told of as if it were still to ring:
 * one that is later than this is not coming.
 */
const ALARM_LATE_MS_MAX = 150_000

/** A read model that hangs may not hold up the one alarm that everything else waits for. */
export const PORT_TIMEOUT_MS = 10_000

export type DurableHost = {
  host: PartitionHost
  /** Runs a wake-up, and sees to the next one whatever happens. */
  onAlarm(wake: () => Promise<void>): Promise<void>
  /** Looks whether the alarm is still there, and asks for what is due once more. */
  rouse(wakeForDue: () => void): Promise<void>
}

/** A partition's home in a Durable Object: its SQLite, its one alarm, and a post that leaves after the commit. */
export const createDurableHost = (ctx: DurableObjectState, publish: Publish, log: Log): DurableHost => {
  const alarm = createAlarm(ctx, log)
  const turns = createTurns((work) => ctx.storage.transactionSync(work), {
    publish: createPost(ctx, publish, log),
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
  /** The platform would give the alarm up after six retries of its own: it never gets to see a failure. */
  const onAlarm = async (wake: () => Promise<void>) => {
    alarm.fired()
    try {
      await wake()
    } catch (error) {
      log('error', 'a partition could not do what is due', { partition: ctx.id.name, error: String(error) })
      alarm.wakeBy(Date.now() + WAKE_RETRY_MS)
    }
  }
  const rouse = async (wakeForDue: () => void) => {
    await alarm.look()
    wakeForDue()
  }
  return { host, onAlarm, rouse }
}

const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const durableSql =
  (sql: SqlStorage): Sql =>
  <Row>(query: string, ...bindings: (string | number | null)[]) =>
    sql.exec(query, ...bindings).toArray() as Row[]

/** Setting an alarm is a row written, so it is set only where it has to ring earlier than it would. */
const createAlarm = (ctx: DurableObjectState, log: Log) => {
  /** `undefined` for none; what was asked for before the stored alarm was read waits in `asked`. */
  let ringsAt: number | undefined
  let asked = Number.POSITIVE_INFINITY
  let isKnown = false
  const isComingBy = (at: number) =>
    ringsAt !== undefined && ringsAt <= at && ringsAt > Date.now() - ALARM_LATE_MS_MAX
  const wakeBy = (at: number) => {
    if (!isKnown) asked = Math.min(asked, at)
    if (!isKnown || isComingBy(at)) return
    ringsAt = Math.max(at, Date.now())
    ctx.storage.setAlarm(ringsAt).catch((error) => {
      ringsAt = undefined
      log('error', 'an alarm could not be set', { partition: ctx.id.name, error: String(error) })
    })
  }
  const look = async () => {
    ringsAt = (await ctx.storage.getAlarm()) ?? undefined
  }
  void ctx.blockConcurrencyWhile(async () => {
    await look()
    isKnown = true
    if (asked < Number.POSITIVE_INFINITY) wakeBy(asked)
  })
  return {
    wakeBy,
    fired: () => {
      ringsAt = undefined
    },
    look,
  }
}

/** While one send is under way the next gathers, so that a busy partition sends few and full messages. */
const createPost = (ctx: DurableObjectState, publish: Publish, log: Log) => {
  let waiting: Outgoing[] = []
  let isSending = false
  const sendAll = async () => {
    while (waiting.length > 0) {
      const outgoing = waiting
      waiting = []
      await publish(outgoing).catch((error) =>
        log('warn', 'events could not be published; they are still owed', {
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
