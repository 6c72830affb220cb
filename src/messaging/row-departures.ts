import { z } from 'zod'
import { HOUR_MS, type Instant, MINUTE_MS } from '../kernel/instant.ts'
import type { PartitionHost } from './partition.ts'
import type { Sql } from './sql.ts'
import { readStored, storedType, toStored } from './stored-document.ts'
import { attempt } from './turn.ts'

/*
 * The rows of a leg leave after their orders. `OrdersArchived` names orders that have left. Each of their rows leaves at
 * once or, where something is still to be done for it, at a later look. The partition remembers that by itself, so it
 * acknowledges the event at once. What the lists show of a row leaves after the row.
 */

/**
 * For a migration. `departures`: events whose orders still have a row here or in a list. `departed`: a time before which
 * every order that has left this partition was last heard of, in one row.
 */
export const ROW_DEPARTURE_TABLES = `CREATE TABLE departures (
    event_id TEXT PRIMARY KEY,
    due_at INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX departures_due ON departures (due_at);
  CREATE TABLE departed (one INTEGER PRIMARY KEY CHECK (one = 1), before INTEGER NOT NULL)`

/** What `OrdersArchived` says. Every fact of the orders is older than `before`. */
export type Departure = { eventId: string; orderIds: readonly string[]; before: Instant }

const openDepartureSchema = z.object({
  /** Orders whose rows are still here. */
  staying: z.array(z.string()).readonly(),
  /** The keys of rows that the lists still have. */
  listed: z.array(z.array(z.union([z.string(), z.number()])).readonly()).readonly(),
})

type OpenDeparture = z.infer<typeof openDepartureSchema>

/** The key of a row in a list, part by part. */
export type ListKey = OpenDeparture['listed'][number]

export const OPEN_DEPARTURE = storedType('departure', openDepartureSchema)

/** A write to a list that began before the row left has ended by then, or was given up. */
const UNLIST_DELAY_MS = MINUTE_MS
/** A list did not take it. */
const RETRY_MS = MINUTE_MS
/** A refund, a call of the bank or an event is still under way. Most of them end in minutes. */
const STAYING_MS = HOUR_MS
/** Keys that one departure stores: some 200 KB. The rows of further orders leave after these were unlisted. */
const LISTED_MAX = 2_000
/** Departures of one wake-up: some ten thousand deleted rows. */
const AT_ONCE_MAX = 10

type Ports<Row> = {
  host: PartitionHost
  load(orderIds: readonly string[]): ReadonlyMap<string, Row>
  /** Whether nothing is left to do for the row, and its last change is older than `before`. */
  mayLeave(row: Row, before: Instant): boolean
  listKeysOf(row: Row): readonly ListKey[]
  /** In a turn: deletes the rows, and adds what they come to to the sums of what has left. */
  remove(rows: readonly Row[]): void
  /** Takes rows off the lists. It may be done again. */
  unlist(keys: readonly ListKey[]): Promise<void>
}

/** Lets the rows of a leg leave: in the turn of the event, and at looks where they have to stay or a list has them. */
export const createRowDepartures = <Row>({
  host,
  load,
  mayLeave,
  listKeysOf,
  remove,
  unlist,
}: Ports<Row>) => {
  const { sql } = host
  let before = loadBefore(sql)

  const raise = (to: Instant): Instant => {
    if (to <= before) return before
    storeBefore(sql, to)
    host.afterTurn(() => {
      before = Math.max(before, to)
    })
    return to
  }

  /** In a turn: the rows that may leave do. Stores what is left to do. */
  const leave = (eventId: string, orderIds: readonly string[], limit: Instant): void => {
    const rows = load(orderIds)
    const staying: string[] = []
    const leaving: Row[] = []
    const listed: ListKey[] = []
    for (const [orderId, row] of rows) {
      if (listed.length >= LISTED_MAX || !mayLeave(row, limit)) {
        staying.push(orderId)
        continue
      }
      leaving.push(row)
      listed.push(...listKeysOf(row))
    }
    if (leaving.length > 0) remove(leaving)
    later(eventId, { staying, listed })
  }

  const later = (eventId: string, open: OpenDeparture): void => {
    if (open.staying.length === 0 && open.listed.length === 0) {
      closeDeparture(sql, eventId)
      return
    }
    const dueAt = host.now() + (open.listed.length > 0 ? UNLIST_DELAY_MS : STAYING_MS)
    storeDeparture(sql, eventId, open, dueAt)
    host.wakeBy(dueAt)
  }

  const goOn = async ({ eventId, staying, listed }: DueDeparture): Promise<void> => {
    try {
      if (listed.length > 0) await unlist(listed)
    } catch (error) {
      host.log('warn', 'archived orders could not be taken off a list; this is tried again', {
        ...{ eventId, rows: listed.length, error: String(error) },
      })
      return host.turn(() => postpone(eventId))
    }
    const left = attempt(host, { eventId }, () => leave(eventId, staying, before))
    if (!left.ok) host.turn(() => postpone(eventId))
  }

  const postpone = (eventId: string): void => {
    const dueAt = host.now() + RETRY_MS
    sql('UPDATE departures SET due_at = ? WHERE event_id = ?', dueAt, eventId)
    host.wakeBy(dueAt)
  }

  return {
    /** In a turn: the orders have left. An event that comes again changes nothing. */
    begin: ({ eventId, orderIds, before: to }: Departure): void => {
      const limit = raise(to)
      if (!isOpen(sql, eventId)) leave(eventId, orderIds, limit)
    },

    /**
     * Whether an event of this time is about an order that has left, where its order has no row here. An order that has
     * not left has its row, or its first event is younger. See docs/decisions/0052.
     */
    isLate: (eventAt: Instant | undefined): boolean => eventAt !== undefined && eventAt < before,

    /** Every order that has left was last heard of before this time. */
    before: (): Instant => before,

    /** In a wake-up: does what is due. */
    work: async (): Promise<void> => {
      for (const departure of loadDueDepartures(sql, host.now())) await goOn(departure)
    },

    dueAt: (): Instant | undefined => earliestDepartureDue(sql),
  }
}

export type RowDepartures = ReturnType<typeof createRowDepartures>

const loadBefore = (sql: Sql): Instant =>
  sql<{ before: number }>('SELECT before FROM departed')[0]?.before ?? Number.NEGATIVE_INFINITY

const storeBefore = (sql: Sql, before: Instant): void => {
  sql(
    `INSERT INTO departed (one, before) VALUES (1, ?)
      ON CONFLICT (one) DO UPDATE SET before = max(before, excluded.before)`,
    before,
  )
}

const isOpen = (sql: Sql, eventId: string): boolean =>
  sql('SELECT 1 FROM departures WHERE event_id = ?', eventId).length > 0

const storeDeparture = (sql: Sql, eventId: string, open: OpenDeparture, dueAt: Instant): void => {
  sql(
    `INSERT INTO departures (event_id, due_at, document) VALUES (?, ?, ?)
      ON CONFLICT (event_id) DO UPDATE SET due_at = excluded.due_at, document = excluded.document`,
    ...[eventId, dueAt, toStored(OPEN_DEPARTURE, open)],
  )
}

const closeDeparture = (sql: Sql, eventId: string): void => {
  sql('DELETE FROM departures WHERE event_id = ?', eventId)
}

type DueDeparture = OpenDeparture & { eventId: string }

const loadDueDepartures = (sql: Sql, now: Instant): DueDeparture[] =>
  sql<{ event_id: string; document: string }>(
    `SELECT event_id, document FROM departures WHERE due_at <= ? ORDER BY due_at LIMIT ${AT_ONCE_MAX}`,
    now,
  ).map(({ event_id, document }) => ({ eventId: event_id, ...readStored(OPEN_DEPARTURE, document) }))

const earliestDepartureDue = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number | null }>('SELECT min(due_at) AS due_at FROM departures')[0]?.due_at ?? undefined
