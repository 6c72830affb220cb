import { z } from 'zod'
import { instantField } from '../../contracts/fields.ts'
import { SUBSCRIBERS } from '../../contracts/topology.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'

const orders = {
  orderIds: z.array(z.string()).readonly(),
  /** Every fact of them is older. */
  before: instantField,
}

const openPortionSchema = z.discriminatedUnion('stage', [
  /** Its orders are still in the table. */
  z.object({ stage: z.literal('chosen'), ...orders }),
  /** The list still has them, by these keys of its rows: client, time and id. */
  z.object({
    ...{ stage: z.literal('left'), ...orders },
    listed: z.array(z.tuple([z.string(), instantField, z.string()])).readonly(),
  }),
  /** These services have yet to acknowledge `OrdersArchived`. `at` is the time of the event. */
  z.object({
    ...{ stage: z.literal('told'), ...orders },
    unacknowledged: z.array(z.enum(SUBSCRIBERS.OrdersArchived)).readonly(),
    at: instantField,
    sends: z.number(),
    sentAt: instantField,
  }),
])

type OpenPortion = z.infer<typeof openPortionSchema>

export const OPEN_PORTION = storedType('portion of orders that leave', openPortionSchema)

/** The key of a row in the list of orders. */
export type ListKey = Extract<OpenPortion, { stage: 'left' }>['listed'][number]

/** Where a portion lies in the archive. */
export type PortionPlace = {
  portion: number
  /** The day of its orders' ids. External orders, whose ids have no time, have none. */
  day: number | null
  firstId: string
}

/** Orders that leave together, into one text of the archive, and what is left to do about them. */
export type Portion = { place: PortionPlace; work: OpenPortion }

export type PortionIn<Stage extends OpenPortion['stage']> = Portion & { work: { stage: Stage } }

type PlaceRow = { portion: number; day: number | null; first_id: string }

const toPlace = ({ portion, day, first_id }: PlaceRow): PortionPlace => ({ portion, day, firstId: first_id })

/** In a turn. The name of its text follows from this row, so the portion has the same name each time. */
export const insertPortion = (
  sql: Sql,
  { day, ...chosen }: { day: number | null; orderIds: readonly string[]; before: Instant },
  dueAt: Instant,
): void => {
  const ids = chosen.orderIds.toSorted()
  const document = toStored(OPEN_PORTION, { stage: 'chosen', ...chosen })
  sql(
    'INSERT INTO departures (day, first_id, last_id, due_at, document) VALUES (?, ?, ?, ?, ?)',
    ...[day, ids[0] ?? '', ids.at(-1) ?? '', dueAt, document],
  )
}

/** When the next step of a portion is due. Undefined where none is open. */
export const earliestPortionDue = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number | null }>('SELECT min(due_at) AS due_at FROM departures WHERE due_at IS NOT NULL')[0]
    ?.due_at ?? undefined

/** Portions that have not left everywhere, the one that is due first first. */
export const loadOpenPortions = (sql: Sql, limit: number): Portion[] =>
  sql<PlaceRow & { document: string }>(
    'SELECT * FROM departures INDEXED BY departures_due WHERE due_at IS NOT NULL ORDER BY due_at LIMIT ?',
    limit,
  ).map((row) => ({ place: toPlace(row), work: readStored(OPEN_PORTION, row.document) }))

/** How many portions are open, and how many of them are only to be acknowledged. */
export const countOpenPortions = (sql: Sql): { open: number; told: number } =>
  sql<{ open: number; told: number }>(
    `SELECT count(*) AS open, coalesce(sum(document ->> '$.stage' = 'told'), 0) AS told
      FROM departures INDEXED BY departures_due WHERE due_at IS NOT NULL`,
  )[0] ?? { open: 0, told: 0 }

/** In a turn: what is left to do for a portion, and when. */
export const storePortion = (sql: Sql, { place, work }: Portion, dueAt: Instant): void => {
  sql(
    'UPDATE departures SET due_at = ?, document = ? WHERE portion = ?',
    ...[dueAt, toStored(OPEN_PORTION, work), place.portion],
  )
}

/** In a turn: the portion has left everywhere. Only where it lies is kept. */
export const closePortion = (sql: Sql, { portion }: PortionPlace): void => {
  sql('UPDATE departures SET due_at = NULL, document = NULL WHERE portion = ?', portion)
}

/** In a turn: all orders of the portion stay after all. */
export const deletePortion = (sql: Sql, { portion }: PortionPlace): void => {
  sql('DELETE FROM departures WHERE portion = ?', portion)
}

/** The portions that may have this order: most often one. An order that left late is in a later one of its day. */
export const findPortions = (sql: Sql, day: number, orderId: string, limit: number): PortionPlace[] =>
  sql<PlaceRow>(
    `SELECT portion, day, first_id FROM departures INDEXED BY departures_by_day
      WHERE day = ? AND last_id >= ? AND first_id <= ? ORDER BY last_id, portion DESC LIMIT ?`,
    ...[day, orderId, orderId, limit],
  ).map(toPlace)

/** Portions after this one whose orders are in the archive alone, by their numbers. */
export const loadDepartedAfter = (sql: Sql, portion: number, limit: number): PortionPlace[] =>
  sql<PlaceRow>(
    `SELECT portion, day, first_id FROM departures
      WHERE portion > ? AND coalesce(document ->> '$.stage', '') <> 'chosen' ORDER BY portion LIMIT ?`,
    ...[portion, limit],
  ).map(toPlace)

export const loadPortionPlace = (sql: Sql, portion: number): PortionPlace | undefined =>
  sql<PlaceRow>('SELECT portion, day, first_id FROM departures WHERE portion = ?', portion).map(toPlace)[0]

/** How far departures have gone. */
export type Departed = {
  /** How many orders have left. */
  orders: number
  /** Every fact of an order that has left is older. */
  before: Instant
  /** The greatest id of an order that has left. */
  lastId: string
  /** The greatest position in the order feed that a fact of them has. */
  position: number
  /** The position that the last departure took: a reader that began before it has a smaller one. */
  leftAt: number
}

const NONE_DEPARTED: Departed = {
  ...{ orders: 0, before: Number.NEGATIVE_INFINITY, lastId: '', position: 0, leftAt: 0 },
}

export const loadDeparted = (sql: Sql): Departed =>
  sql<Departed>('SELECT orders, before, last_id AS lastId, position, left_at AS leftAt FROM departed')[0] ??
  NONE_DEPARTED

/** In a turn: none of it ever falls. */
export const addDeparted = (sql: Sql, added: Departed): void => {
  const { orders, before, lastId, position, leftAt } = added
  sql(
    `INSERT INTO departed (one, orders, before, last_id, position, left_at) VALUES (1, ?, ?, ?, ?, ?)
      ON CONFLICT (one) DO UPDATE SET orders = orders + excluded.orders, before = max(before, excluded.before),
        last_id = max(last_id, excluded.last_id), position = max(position, excluded.position),
        left_at = max(left_at, excluded.left_at)`,
    ...[orders, before, lastId, position, leftAt],
  )
}
