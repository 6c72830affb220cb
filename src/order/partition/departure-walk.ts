import { timeDigits } from '../../kernel/ids.ts'
import { DAY_MS, dayOf, type Instant } from '../../kernel/instant.ts'
import { newOrderId } from '../../kernel/partitions.ts'
import { isOneOf, type Sql } from '../../messaging/sql.ts'
import { heldBackUntil, isAtRest, lastFactAt, timeOfOrderId } from '../retention.ts'
import { loadOrders, type OrderRow } from './order-store.ts'

/** Orders that leave together: some 500 KB in the archive, and one commit of some milliseconds. */
const PORTION_ROWS_MAX = 200
/** Rows that one step of the walk reads: some ten milliseconds, in which the partition does nothing else. */
const WALKED_ROWS_MAX = 1_000

/** What an order must be in order to leave. */
export type Limits = {
  /** All its facts are older. */
  cut: Instant
  /** The position in the order feed that a consumer has read up to. Later orders stay for a time. */
  heldAfter: number | undefined
}

/** The orders of one portion. External orders have no day. */
export type Chosen = { day: number | null; orderIds: string[] }

/** Where a walk through the orders is: first those with ids of ours, then the external ones. */
type Walk = { part: 'own'; after: string } | { part: 'external'; after: readonly [string, string] }

/** Orders of versions without unique ids are not walked: their ids come before these. They stay. */
const FIRST: Walk = { part: 'own', after: 'ord_' }

type Walked = { orderId: string; externalId: string | null; isReady: 0 | 1 }

/**
 * What the table tells of a row at little cost: nothing is due or outstanding for it. So the list has it, once no recent
 * row is to be looked at any more.
 */
const IS_QUIET = `due_at IS NULL AND announcing IS NULL AND unacknowledged IS NULL
  AND document ->> '$.settledAt' < ?
  AND document ->> '$.history[#-1].at' < ?`

/**
 * A walk through all orders of a partition, day after day, in search of those that may leave. It is in memory alone and
 * reads alone: a restart begins it anew.
 */
export const createDepartureWalk = (sql: Sql, label: string) => {
  let walk: Walk = FIRST
  let restsUntil = Number.NEGATIVE_INFINITY
  /** Orders that a consumer of the feed holds back: in this walk so far, and in the last one. */
  const held = { current: 0, last: 0 }

  const read = (cut: Instant): Walked[] =>
    walk.part === 'own'
      ? walkOwn(sql, cut, { after: walk.after, upTo: newOrderId(label, timeDigits(cut)) })
      : walkExternal(sql, cut, walk.after)

  const end = (now: Instant): void => {
    if (walk.part === 'own') {
      walk = { part: 'external', after: ['', ''] }
      return
    }
    Object.assign(held, { last: held.current, current: 0 })
    walk = FIRST
    restsUntil = (dayOf(now) + 1) * DAY_MS
  }

  const goTo = ({ orderId, externalId }: Walked): void => {
    walk =
      walk.part === 'own'
        ? { part: 'own', after: orderId }
        : { part: 'external', after: [externalId ?? '', orderId] }
  }

  return {
    /** Whether all was walked through today. */
    isResting: (now: Instant): boolean => now < restsUntil,

    /** How many orders the last whole walk found that a consumer of the feed holds back. */
    heldBack: (): number => held.last,

    /** One step. Returns the next orders that may leave, where it found some. */
    step: (limits: Limits, now: Instant): Chosen | undefined => {
      const rows = read(limits.cut)
      const quiet = rows.filter(({ isReady }) => isReady === 1)
      const day = dayIn(quiet[0])
      const ofDay = quiet.filter((row) => dayIn(row) === day).slice(0, PORTION_ROWS_MAX)
      const isWhole = ofDay.length === quiet.length
      const last = isWhole ? rows.at(-1) : ofDay.at(-1)
      const found = loadQuiet(
        sql,
        limits,
        ofDay.map(({ orderId }) => orderId),
      )
      const ready = found.filter((row) => mayLeave(row, limits))
      held.current += found.filter((row) => isHeldBack(row, limits)).length
      if (last === undefined || (isWhole && rows.length < WALKED_ROWS_MAX)) end(now)
      else goTo(last)
      return ready.length === 0 ? undefined : { day, orderIds: ready.map(({ order }) => order.orderId) }
    },
  }
}

/** Those of these orders that may leave now. */
export const loadReady = (sql: Sql, limits: Limits, orderIds: readonly string[]): OrderRow[] =>
  loadQuiet(sql, limits, orderIds).filter((row) => mayLeave(row, limits))

const loadQuiet = (sql: Sql, { cut }: Limits, orderIds: readonly string[]): OrderRow[] => {
  if (orderIds.length === 0) return []
  const [condition, keys] = isOneOf('order_id', orderIds)
  const quiet = sql<{ order_id: string }>(
    `SELECT order_id FROM orders WHERE ${condition} AND ${IS_QUIET}`,
    ...[keys, cut, cut],
  )
  const rows = loadOrders(
    sql,
    quiet.map(({ order_id }) => order_id),
  )
  return [...rows.values()]
}

const mayLeave = (row: OrderRow, limits: Limits): boolean =>
  isAtRest(row.order, limits.cut) && !isHeldBack(row, limits)

const isHeldBack = ({ order, positions }: OrderRow, { cut, heldAfter }: Limits): boolean =>
  heldAfter !== undefined && (positions.at(-1) ?? 0) > heldAfter && lastFactAt(order) >= heldBackUntil(cut)

/** Orders with ids of ours, which sort by their age. */
const walkOwn = (sql: Sql, cut: Instant, { after, upTo }: { after: string; upTo: string }): Walked[] =>
  sql<Walked>(
    `SELECT order_id AS orderId, external_id AS externalId, external_id IS NULL AND ${IS_QUIET} AS isReady
      FROM orders WHERE order_id > ? AND order_id < ? ORDER BY order_id LIMIT ${WALKED_ROWS_MAX}`,
    ...[cut, cut, after, upTo],
  )

/** External orders, by their external ids. */
const walkExternal = (sql: Sql, cut: Instant, [externalId, orderId]: readonly [string, string]): Walked[] =>
  sql<Walked>(
    `SELECT order_id AS orderId, external_id AS externalId, ${IS_QUIET} AS isReady
      FROM orders INDEXED BY orders_by_external_id
      WHERE external_id IS NOT NULL AND (external_id, order_id) > (?, ?)
      ORDER BY external_id, order_id LIMIT ${WALKED_ROWS_MAX}`,
    ...[cut, cut, externalId, orderId],
  )

/** Orders of one day leave together, so that few portions may have an id. */
const dayIn = (row: Walked | undefined): number | null => {
  const madeAt = row?.externalId === null ? timeOfOrderId(row.orderId) : undefined
  return madeAt === undefined ? null : dayOf(madeAt)
}
