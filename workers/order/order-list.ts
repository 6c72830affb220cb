import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import { actsForAll, type Caller } from '../../src/contracts/caller.ts'
import { type Page, type Position, toPage } from '../../src/contracts/paging.ts'
import { readStored, toStored } from '../../src/messaging/stored-document.ts'
import type { Order } from '../../src/order/order.ts'
import { ORDER_VIEW, type OrderView, viewOrder } from '../../src/order/order-view.ts'

/** One statement for all rows: D1 takes a hundred bound parameters, and one parameter is a whole JSON array. */
const UPSERT = `
  INSERT INTO orders (placed_at, order_id, version, client, status, customer_id, reference, view)
  SELECT value ->> 'placedAt', value ->> 'orderId', value ->> 'version', value ->> 'client', value ->> 'status',
    value ->> 'customerId', value ->> 'reference', value ->> 'view'
  FROM json_each(?) WHERE true
  ON CONFLICT (placed_at, order_id) DO UPDATE SET
    version = excluded.version, status = excluded.status, view = excluded.view
  WHERE excluded.version > orders.version`

/** Writes orders to the read model. An older version never replaces a newer one. */
export const listOrders = async (database: D1Database, orders: readonly Order[]): Promise<void> => {
  const statements = jsonParameters(orders.map(toRow)).map((rows) => database.prepare(UPSERT).bind(rows))
  if (statements.length > 0) await database.batch(statements)
}

const toRow = (order: Order) => ({
  placedAt: order.placedAt,
  orderId: order.orderId,
  version: order.version,
  client: order.client,
  status: order.status,
  customerId: order.customerId ?? null,
  reference: order.reference ?? null,
  view: toStored(ORDER_VIEW, viewOrder(order)),
})

export type OrderFilter = {
  status?: string | undefined
  customerId?: string | undefined
  reference?: string | undefined
}

/**
 * Rows that one page may read where no index covers its filters: a few milliseconds. A page that finds too few orders in
 * them is shorter than its limit, and its cursor continues after the last row that was read.
 */
const WALKED_ROWS_MAX = 1_000

/** The orders that the caller may see, newest first. */
export const findOrders = async (database: D1Database, caller: Caller, filter: OrderFilter, page: Page) => {
  const client = actsForAll(caller) ? undefined : caller.client
  const found: WalkedRow[] = []
  const walk = walkOf(client, filter)
  let after = page.after ?? BEFORE_ALL
  let [walked, isAtEnd] = [0, false]
  while (found.length <= page.limit && walked < WALKED_ROWS_MAX && !isAtEnd) {
    const wanted = walked === 0 ? page.limit + 1 : WALKED_ROWS_MAX - walked
    const rows = await readRows(database, walk, after, wanted)
    found.push(...rows.filter(({ view }) => view !== null))
    walked += rows.length
    isAtEnd = rows.length < wanted
    after = rows.map(positionOf).at(-1) ?? after
  }
  return toPage(
    found,
    { ...page, ...(!isAtEnd && { goesOnAfter: after }) },
    { item: (row) => viewRow(row, caller), position: positionOf },
  )
}

/** Later than any order, so that the first page is read like every other. */
const BEFORE_ALL: Position = [String(Number.MAX_SAFE_INTEGER), '']

type WalkedRow = { placed_at: number; order_id: string; client: string; view: string | null }

/** A caller that acts for all clients sees the client of each order. */
const viewRow = ({ client, view }: WalkedRow, caller: Caller): OrderView => ({
  ...readStored(ORDER_VIEW, view ?? 'null'),
  ...(actsForAll(caller) && { client }),
})

const positionOf = (row: WalkedRow): Position => [String(row.placed_at), row.order_id]

type Condition = [sql: string, ...bindings: string[]]

/** Rows in the order of an index. The index covers `conditions`; `rest` is checked on each row. */
type Walk = { index: string; conditions: Condition[]; rest: Condition[] }

/** The index that covers most filters. Each index ends in the time, which is the list's order. */
const walkOf = (client: string | undefined, { status, customerId, reference }: OrderFilter): Walk => {
  const owner = equals('client', client)
  const by = (column: string) => `INDEXED BY orders_by_${client === undefined ? '' : 'client_and_'}${column}`
  const hasStatus = equals('status', status)
  if (reference !== undefined) {
    const rest = [...equals('customer_id', customerId), ...hasStatus]
    return { index: by('reference'), conditions: [...owner, ...equals('reference', reference)], rest }
  }
  if (customerId !== undefined) {
    const conditions = [...owner, ...equals('customer_id', customerId)]
    return { index: by('customer'), conditions, rest: hasStatus }
  }
  if (status !== undefined && status !== 'confirmed') {
    return { index: by('status'), conditions: [...owner, ...hasStatus, ["status <> 'confirmed'"]], rest: [] }
  }
  const index = client === undefined ? 'NOT INDEXED' : 'INDEXED BY orders_by_client'
  return { index, conditions: owner, rest: hasStatus }
}

const equals = (column: string, value: string | undefined): Condition[] =>
  value === undefined ? [] : [[`${column} = ?`, value]]

/** Rows that the rest of the conditions excludes come without their view. */
const readRows = async (
  database: D1Database,
  { index, conditions, rest }: Walk,
  [placedAt, orderId]: Position,
  limit: number,
): Promise<WalkedRow[]> => {
  const view = rest.length === 0 ? 'view' : `iif(${all(rest)}, view, NULL) AS view`
  const { results } = await database
    .prepare(
      `SELECT placed_at, order_id, client, ${view} FROM orders ${index}
        WHERE ${all([...conditions, ['(placed_at, order_id) < (?, ?)']])}
        ORDER BY placed_at DESC, order_id DESC LIMIT ?`,
    )
    .bind(...bindingsOf(rest), ...bindingsOf(conditions), Number(placedAt), orderId, limit)
    .all<WalkedRow>()
  return results
}

const all = (conditions: readonly Condition[]): string => conditions.map(([sql]) => sql).join(' AND ')

const bindingsOf = (conditions: readonly Condition[]): string[] =>
  conditions.flatMap(([, ...bindings]) => bindings)
