import { timeDigits, timeOfUlid } from '../kernel/ids.ts'
import { DAY_MS, type Instant, SECOND_MS, wholeSecondFrom } from '../kernel/instant.ts'
import { partsOfOrderId } from '../kernel/partitions.ts'
import type { Counters } from './counters.ts'
import { DUE_ROWS_MAX, type PartitionHost } from './partition.ts'
import type { Sql } from './sql.ts'

/*
 * Rows that need no due time. An order's id begins with the time at which it was made, so the alarm finds the newest
 * rows of a table by a range of ids. It looks at each of them once, two to three seconds after its id was made. By then
 * most orders are settled. Only a row that still has work then gets a due time. So an order that settles as usual never
 * enters the index of due rows, which would cost it two written rows in each partition.
 */

/** The row of each label's last id that was looked at. Rows with a later id and no due time are still to be looked at. */
export const WATERMARKS_TABLE = `CREATE TABLE watermarks (
    prefix TEXT PRIMARY KEY,
    order_id TEXT NOT NULL
  ) WITHOUT ROWID`

/** The row of counts that no look stored. No label has this prefix. */
const NO_LABEL = ''

/** Most orders have settled after this time, so that they are listed once. */
const LOOK_DELAY_MS = 2 * SECOND_MS
/** The look comes at a whole second. */
export const LOOK_WITHIN_MS = LOOK_DELAY_MS + SECOND_MS
/** The clock of the Worker that made an id may be this far ahead. */
const CLOCK_AHEAD_MS_MAX = SECOND_MS
/** The first id of a label begins the label's watermark, if the id is not older than this. */
const FIRST_ID_AGE_MS_MAX = 60 * SECOND_MS

/** Tables whose key is `order_id` and which have a `due_at`. */
type RecentTable = 'orders' | 'holds' | 'payments'

export const createRecentRows = (
  host: PartitionHost,
  table: RecentTable,
  counters: Pick<Counters, 'toStore'>,
) => {
  const { sql } = host
  const watermarks = new Map(
    sql<{ prefix: string; order_id: string }>(
      'SELECT prefix, order_id FROM watermarks WHERE prefix <> ?',
      NO_LABEL,
    ).map(({ prefix, order_id }) => [prefix, order_id]),
  )
  /** The watermarks after the look that is under way. Ids up to them are no longer waited for. */
  const looking = new Map<string, string>()

  const store = (prefix: string, orderId: string, counts?: string): void => {
    storeWatermark(sql, prefix, orderId, counts)
    host.afterTurn(() => watermarks.set(prefix, orderId))
  }

  /** In the turn that stores a label's first watermark, `watermarks` does not have it yet. */
  const stored = (prefix: string): string | undefined => loadWatermark(sql, prefix)

  const begin = (prefix: string, madeAt: Instant): string | undefined => {
    if (madeAt < host.now() - FIRST_ID_AGE_MS_MAX) return undefined
    const before = prefix + timeDigits(madeAt)
    store(prefix, before)
    return before
  }

  const watermarkOf = (prefix: string): string | undefined =>
    looking.get(prefix) ?? watermarks.get(prefix) ?? stored(prefix)

  const idsBetween = (after: string, upTo: string, limit: number): string[] =>
    sql<{ order_id: string }>(
      `SELECT order_id FROM ${table} WHERE due_at IS NULL AND order_id > ? AND order_id < ?
        ORDER BY order_id LIMIT ${limit}`,
      after,
      upTo,
    ).map(({ order_id }) => order_id)

  /** Before the first id of a later time. */
  const upTo = (prefix: string, instant: Instant): string => prefix + timeDigits(instant + 1)

  /**
   * After the stored watermark: a look that did not end is begun again. A clock that is set back finds its rows ahead of
   * it, at most by a day.
   */
  const idsAhead = (limit: number): string[] =>
    [...watermarks.keys()].flatMap((prefix) => {
      const end = upTo(prefix, host.now() + DAY_MS)
      return idsBetween(stored(prefix) ?? end, end, limit)
    })

  return {
    /**
     * In a turn: whether the row of this order will be looked at, so that it needs no due time. It then sees to the alarm.
     * Orders with external ids, late events and ids of a clock that is ahead are not covered.
     */
    covers: (orderId: string): boolean => {
      const parts = partsOfOrderId(orderId)
      if (parts === undefined) return false
      const { prefix } = parts
      const madeAt = timeOfUlid(parts.ulid)
      if (madeAt > host.now() + CLOCK_AHEAD_MS_MAX) return false
      const watermark = watermarkOf(prefix) ?? begin(prefix, madeAt)
      if (watermark === undefined || orderId <= watermark) return false
      host.wakeBy(lookAt(madeAt))
      return true
    },

    /** Begins a look: the ids of the rows to look at now, at most 500 of each label. From now on, none of them is covered. */
    beginLook: (now: Instant): string[] => {
      looking.clear()
      return Array.from(watermarks, ([prefix, watermark]) => {
        const end = upTo(prefix, now - LOOK_DELAY_MS)
        const ids = idsBetween(watermark, end, DUE_ROWS_MAX)
        if (ids.length > 0) looking.set(prefix, ids.length < DUE_ROWS_MAX ? end : (ids.at(-1) ?? end))
        return ids
      }).flat()
    },

    /**
     * In a turn: ends a look, once each row has been attended to. What was counted meanwhile is stored in one of the
     * rows that are written. Only where none is, it needs a row of its own.
     */
    endLook: (): void => {
      let counts = counters.toStore()
      for (const [prefix, orderId] of looking) {
        store(prefix, orderId, counts)
        counts = undefined
      }
      if (counts !== undefined) storeWatermark(sql, NO_LABEL, '', counts)
    },

    /** When a row is to be looked at next, if any is left. */
    nextLookAt: (): Instant | undefined => {
      const times = idsAhead(1).map((orderId) => lookAt(timeOfUlid(partsOfOrderId(orderId)?.ulid ?? '')))
      return times.length === 0 ? undefined : Math.min(...times)
    },

    /** The ids of the rows that are still to be looked at, at most `limit` of each label. */
    ids: (limit: number): string[] => idsAhead(limit),
  }
}

export type RecentRows = ReturnType<typeof createRecentRows>

/** Whether the row of this order is still to be looked at: then it may have work without a due time. */
export const awaitsLook = ({ sql, now }: Pick<PartitionHost, 'sql' | 'now'>, orderId: string): boolean => {
  const parts = partsOfOrderId(orderId)
  const watermark = parts && loadWatermark(sql, parts.prefix)
  if (parts === undefined || watermark === undefined) return false
  return orderId > watermark && timeOfUlid(parts.ulid) <= now() + DAY_MS
}

const loadWatermark = (sql: Sql, prefix: string): string | undefined =>
  sql<{ order_id: string }>('SELECT order_id FROM watermarks WHERE prefix = ?', prefix)[0]?.order_id

const lookAt = (madeAt: Instant): Instant => wholeSecondFrom(madeAt + LOOK_DELAY_MS)

/** Counts that the row has stay, unless there are newer ones. */
const storeWatermark = (sql: Sql, prefix: string, orderId: string, counts: string | undefined): void => {
  sql(
    `INSERT INTO watermarks (prefix, order_id, counts) VALUES (?, ?, ?) ON CONFLICT (prefix) DO UPDATE SET
      order_id = excluded.order_id, counts = coalesce(excluded.counts, watermarks.counts)`,
    ...[prefix, orderId, counts ?? null],
  )
}
