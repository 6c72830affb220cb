import type { Instant } from '../../src/kernel/instant.ts'
import type { Chance } from '../../src/messaging/back-off.ts'
import type { Outgoing } from '../../src/messaging/outgoing.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import type { Sql, SqlValue } from '../../src/messaging/sql.ts'
import { createTurns } from '../../src/messaging/turn.ts'
import { NOW } from './builders.ts'
import { createInMemorySql } from './in-memory-sql.ts'
import { createTransact } from './transact.ts'

/** More than any partition needs to come to rest; one that needs more never does. */
const WAKES_MAX = 1_000

type Options = { now?: Instant; seed?: number; sql?: Sql }

/** A partition's home in memory: a clock that is set, chance from a seed, and a post and a log that only collect. */
export const createMemoryHost = ({ now = NOW, seed = 1, sql = createInMemorySql() }: Options = {}) => {
  let clock = now
  let wakeAt: Instant | undefined
  let published: Outgoing[] = []
  const logged: string[] = []
  let statementsLeft = Number.POSITIVE_INFINITY
  const lines: { message: string; fields: Record<string, unknown> }[] = []
  const host: PartitionHost = {
    sql: <Row>(query: string, ...bindings: SqlValue[]): Row[] => {
      statementsLeft -= 1
      if (statementsLeft === -1) throw new Error('database is locked: SQLITE_BUSY')
      return sql<Row>(query, ...bindings)
    },
    now: () => clock,
    chance: createChance(seed),
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    ...createTurns(createTransact(sql), {
      publish: (outgoing) => {
        published.push(...outgoing)
      },
      wakeBy: (at) => {
        wakeAt = Math.min(wakeAt ?? at, at)
      },
    }),
    log: (_level, message, fields) => {
      logged.push(message)
      lines.push({ message, fields })
    },
  }
  const memory = {
    host,
    sql,
    logged: logged as readonly string[],
    /** The same with what each line says beside its message. */
    lines: lines as readonly (typeof lines)[number][],
    now: () => clock,
    advance: (ms: number) => {
      clock += ms
    },
    /** After so many statements the next one throws, once. */
    failAfter: (statements: number) => {
      statementsLeft = statements
    },
    /** Every statement works again. Returns whether one has thrown. */
    mend: (): boolean => {
      const hasFailed = statementsLeft < 0
      statementsLeft = Number.POSITIVE_INFINITY
      return hasFailed
    },
    /** All rows of all tables. */
    rows: (): Record<string, unknown[]> =>
      Object.fromEntries(
        sql<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(
          ({ name }) => [name, sql(`SELECT * FROM ${name}`)],
        ),
      ),
    /** When the alarm rings next, if ever. */
    wakeAt: () => wakeAt,
    /** As after an alarm that failed once too often: the platform does not set it again. */
    loseAlarm: () => {
      wakeAt = undefined
    },
    /** What was published since it was last taken. */
    takePublished: (): Outgoing[] => {
      const taken = published
      published = []
      return taken
    },
    /** The same, without taking it. */
    published: (): readonly Outgoing[] => published,
    /** Lets the alarm ring when it is due: the clock goes on to then, never back. */
    ring: async (wake: () => Promise<void>): Promise<void> => {
      clock = Math.max(clock, wakeAt ?? clock)
      wakeAt = undefined
      await wake()
    },
    /** Lets the alarm ring until the moment has come. */
    ringUntil: async (instant: Instant, wake: () => Promise<void>): Promise<void> => {
      while (wakeAt !== undefined && wakeAt <= instant) await memory.ring(wake)
      clock = Math.max(clock, instant)
    },
    /** Lets the alarm ring until none is set. */
    ringUntilRest: async (wake: () => Promise<void>): Promise<void> => {
      for (let wakes = 0; wakeAt !== undefined; wakes += 1) {
        if (wakes === WAKES_MAX) throw new Error(`not at rest after ${WAKES_MAX} wake-ups`)
        await memory.ring(wake)
      }
    },
  }
  return memory
}

/** mulberry32: small, and the same everywhere. */
const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
