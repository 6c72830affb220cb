import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored } from '../../messaging/stored-document.ts'
import { ORDER, type Order } from '../order.ts'

/**
 * As many open orders of a partition are counted, about 3 MB. In a longer backlog the oldest are forgotten: they wait
 * for a service that is away or slow.
 */
export const OPEN_MAX = 10_000

/** Orders that are not decided, oldest first. Each of them is due, or one of the recent ones. */
export const loadPending = (sql: Sql, recentIds: readonly string[]): Order[] =>
  sql<{ document: string }>(
    `SELECT document FROM orders
      WHERE (due_at IS NOT NULL OR order_id IN (SELECT value FROM json_each(?)))
        AND json_extract(document, '$.status') = 'pending'
      ORDER BY json_extract(document, '$.placedAt') DESC LIMIT ${OPEN_MAX}`,
    JSON.stringify(recentIds),
  )
    .map(({ document }) => readStored(ORDER, document))
    .reverse()

/** Orders with work left, beside those that wait for their first look. Read from the index alone. */
export const countDue = (sql: Sql): number =>
  sql<{ due: number }>('SELECT count(*) AS due FROM orders WHERE due_at IS NOT NULL')[0]?.due ?? 0

type OpenMeasures = {
  pending: number
  oldestPendingAt: Instant | undefined
  stuck: number
  /** The earliest last change of an order with work left that is not stuck. */
  oldestChangeAt: Instant | undefined
}

/** Measures of the orders that have work left or are recent. In a longer backlog, of those that are due first. */
export const measureOpen = (sql: Sql, recentIds: readonly string[]): OpenMeasures => {
  const [row] = sql<{ [Name in keyof OpenMeasures]: number | null }>(
    `SELECT count(*) FILTER (WHERE status = 'pending') AS pending,
        min(placed_at) FILTER (WHERE status = 'pending') AS oldestPendingAt,
        count(*) FILTER (WHERE status <> 'pending' AND settled_at IS NULL AND stuck_for IS NOT NULL) AS stuck,
        min(changed_at) FILTER (WHERE due_at IS NOT NULL AND stuck_for IS NULL) AS oldestChangeAt
      FROM (
        SELECT due_at, document ->> '$.status' AS status, document ->> '$.placedAt' AS placed_at,
            document ->> '$.settledAt' AS settled_at, document ->> '$.history[#-1].at' AS changed_at,
            coalesce(document ->> '$.payment.stuck', document ->> '$.overdueSince') AS stuck_for
          FROM orders WHERE due_at IS NOT NULL OR order_id IN (SELECT value FROM json_each(?))
          LIMIT ${OPEN_MAX})`,
    JSON.stringify(recentIds),
  )
  return {
    pending: row?.pending ?? 0,
    oldestPendingAt: row?.oldestPendingAt ?? undefined,
    stuck: row?.stuck ?? 0,
    oldestChangeAt: row?.oldestChangeAt ?? undefined,
  }
}
