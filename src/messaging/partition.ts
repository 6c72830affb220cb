import type { Instant } from '../kernel/instant.ts'
import type { Chance } from './back-off.ts'
import type { Outgoing } from './outgoing.ts'
import type { Sql } from './sql.ts'

/** One line of the log, with its fields. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>) => void

/**
 * What a partition lives in: its database, clock, chance, post and alarm. In production a Durable Object; in the
 * simulation a process with `node:sqlite`.
 */
export type PartitionHost = {
  sql: Sql
  now(): Instant
  chance: Chance
  /**
   * All that is written between two awaits is one turn, so one transaction. Its other effects (events, alarms, memory)
   * are kept back until it has returned, and dropped where it throws. A turn within a turn is undone alone.
   */
  turn<Value>(work: () => Value): Value
  /** In a turn. Sends once the turn is durable; a message that does not arrive is still outstanding in its row. */
  publish(outgoing: readonly Outgoing[]): void
  /** In a turn. Sees to it that the partition's `wake` runs at `at` or before. */
  wakeBy(at: Instant): void
  /** In memory: runs after so long, unless the function that it returns is called before. What must happen has an alarm. */
  after(ms: number, run: () => void): () => void
  /** In a turn. Runs when the turn has returned: for whatever is kept in memory. */
  afterTurn(run: () => void): void
  log: Log
}

/**
 * Rows handled in one wake-up. What is left over is handled in the next, at once. It is part of a query's text:
 * where `LIMIT` is bound, SQLite prepares the statement anew at each call.
 */
export const DUE_ROWS_MAX = 500
