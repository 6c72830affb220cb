import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import {
  type Condition,
  keysBetween,
  MERGED_ROWS_MAX,
  positionOf,
  WALKED_ROWS_MAX,
  type Walk,
  type WalkedRow,
  walkRows,
} from '../../src/cloudflare/list-walk.ts'
import { actsForAll, type Caller } from '../../src/contracts/caller.ts'
import { type Page, type Position, toPage } from '../../src/contracts/paging.ts'
import { type Instant, toTimestamp } from '../../src/kernel/instant.ts'
import { readStored, toStored } from '../../src/messaging/stored-document.ts'
import { type Order, OVERDUE_MS } from '../../src/order/order.ts'
import { ORDER_VIEW, type OrderView, viewOrder } from '../../src/order/order-view.ts'
import { isErased } from '../../src/order/personal-data.ts'

/** One statement for all rows: D1 takes a hundred bound parameters, and one parameter is a whole JSON array. */
const UPSERT = `
  INSERT INTO listed_orders (client, placed_at, order_id, version, status, customer_id, reference, view)
  SELECT value ->> 'client', value ->> 'placedAt', value ->> 'orderId', value ->> 'version', value ->> 'status',
    value ->> 'customerId', value ->> 'reference', value ->> 'view'
  FROM json_each(?) WHERE true
  ON CONFLICT (client, placed_at, order_id) DO UPDATE SET
    version = excluded.version, status = excluded.status, view = excluded.view
  WHERE excluded.version > listed_orders.version`

/**
 * An order keeps its customer and its reference until they are erased. So only then are their columns set: a column that is
 * set, even to its old value, writes its index once more.
 */
const ERASE = `
  UPDATE listed_orders SET customer_id = erased.value ->> 'customerId', reference = NULL
  FROM json_each(?) AS erased
  WHERE client = erased.value ->> 'client' AND placed_at = erased.value ->> 'placedAt'
    AND order_id = erased.value ->> 'orderId'
    AND (customer_id IS NOT erased.value ->> 'customerId' OR reference IS NOT NULL)`

/** Writes orders to the read model. An older version never replaces a newer one. */
export const listOrders = async (database: D1Database, orders: readonly Order[]): Promise<void> => {
  const statements = [
    ...jsonParameters(orders.map(toRow)).map((rows) => database.prepare(UPSERT).bind(rows)),
    ...jsonParameters(orders.filter(isErased).map(toRow)).map((rows) => database.prepare(ERASE).bind(rows)),
  ]
  if (statements.length > 0) await database.batch(statements)
}

/** Takes orders that have left their partition off the read model, by its keys: client, time and id. */
export const unlistOrders = async (
  database: D1Database,
  keys: readonly (readonly [client: string, placedAt: Instant, orderId: string])[],
): Promise<void> => {
  const statements = jsonParameters(keys).map((rows) => database.prepare(UNLIST).bind(rows))
  if (statements.length > 0) await database.batch(statements)
}

const UNLIST = `
  DELETE FROM listed_orders WHERE (client, placed_at, order_id) IN
    (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))`

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
  productId?: string | undefined
  paymentStatus?: string | undefined
  inventoryStatus?: string | undefined
  isSettled?: boolean | undefined
  /** Only orders that are stuck at this moment. */
  stuckAt?: Instant | undefined
  placedFrom?: Instant | undefined
  placedBefore?: Instant | undefined
}

const LIST = { table: 'listed_orders', time: 'placed_at' }

/** The orders that the caller may see, newest first. */
export const findOrders = async (database: D1Database, caller: Caller, filter: OrderFilter, page: Page) => {
  const client = actsForAll(caller) ? undefined : caller.client
  const found: WalkedRow[] = []
  const walk = walkOf(client, filter)
  let after = page.after ?? firstPosition(filter)
  let [walked, isAtEnd] = [0, false]
  while (found.length <= page.limit && walked < WALKED_ROWS_MAX && !isAtEnd) {
    const wanted = walked === 0 ? page.limit + 1 : Math.min(WALKED_ROWS_MAX - walked, walk.rowsMax)
    const rows = await walkRows(database, LIST, walk, { after, limit: wanted })
    found.push(...rows.filter(({ view }) => view !== null))
    walked += rows.length
    isAtEnd = rows.length < wanted
    after = rows.map(positionOf).at(-1) ?? after
  }
  return toPage(
    found,
    { ...page, ...(!isAtEnd && { goesOnAfter: after }) },
    { item: (row: WalkedRow) => viewRow(row, caller), position: positionOf },
  )
}

/** Later than any order of the list, so that the first page is read like every other. */
const firstPosition = ({ placedBefore = Number.MAX_SAFE_INTEGER }: OrderFilter): Position => [
  String(placedBefore),
  '',
]

/** The unique ids of orders that were placed in a time, oldest first. */
export const findIdsPlaced = async (
  database: D1Database,
  { from, before = Number.MAX_SAFE_INTEGER }: { from: Instant; before?: Instant | undefined },
  page: Page,
): Promise<{ items: string[]; nextCursor?: string }> => {
  const after: Position = page.after ?? [String(from), '']
  const keys = await keysBetween(database, LIST, { after, before, limit: page.limit + 1 })
  return toPage(keys, page, { item: ({ order_id }) => order_id, position: positionOf })
}

/** A caller that acts for all clients sees the client of each order. */
const viewRow = ({ client, view }: WalkedRow, caller: Caller): OrderView => ({
  ...readStored(ORDER_VIEW, view ?? 'null'),
  ...(actsForAll(caller) && { client }),
})

/** What an index knows of the rows in it: the conditions that its filter stands for, and the index' own condition. */
type IndexedFilter = { column: string; conditions: Condition[]; hasClientIndex: boolean }

/** An index by product would cost each order a row for each of its lines: such orders are looked for by time. */
const HAS_PRODUCT = "EXISTS (SELECT 1 FROM json_each(view, '$.items') WHERE value ->> 'productId' = ?)"

/** The conditions of the partial indexes, as the migrations have them: SQLite compares them as expressions. */
const IS_UNSETTLED = "view ->> '$.settledAt' IS NULL"
const PAYMENT_STATUS = "view ->> '$.payment.status'"
const INVENTORY_STATUS = "view ->> '$.inventory.status'"

/**
 * The index of the filter that excludes most rows. Each index ends in the time, which is the list's order. What every
 * order has that settled as usual (`confirmed`, `captured`, `committed`) has no index, and is read by time.
 */
const walkOf = (client: string | undefined, filter: OrderFilter): Walk => {
  const owner = equals('client', client)
  const since: Condition[] = filter.placedFrom === undefined ? [] : [['placed_at >= ?', filter.placedFrom]]
  const filters = conditionsOf(filter)
  const chosen = indexedFilters(filter).find(({ hasClientIndex }) => client === undefined || hasClientIndex)
  if (chosen === undefined) {
    const isMerged = client === undefined
    return {
      ...{ isMerged, index: 'NOT INDEXED', conditions: [...owner, ...since], rest: filters },
      rowsMax: isMerged ? MERGED_ROWS_MAX : WALKED_ROWS_MAX,
    }
  }
  const covered = new Set(chosen.conditions.map(([sql]) => sql))
  return {
    ...{ isMerged: false, rowsMax: WALKED_ROWS_MAX },
    index: `INDEXED BY listed_by_${client === undefined ? '' : 'client_and_'}${chosen.column}`,
    conditions: [...owner, ...chosen.conditions, ...since],
    rest: filters.filter(([sql]) => !covered.has(sql)),
  }
}

/** All that the filter asks of a row, except for its time. */
const conditionsOf = (filter: OrderFilter): Condition[] => [
  ...equals('customer_id', filter.customerId),
  ...equals('reference', filter.reference),
  ...equals('status', filter.status),
  ...equals(PAYMENT_STATUS, filter.paymentStatus),
  ...equals(INVENTORY_STATUS, filter.inventoryStatus),
  ...(filter.productId === undefined ? [] : [[HAS_PRODUCT, filter.productId] as Condition]),
  ...(filter.isSettled === true ? [[`NOT ${IS_UNSETTLED}`] as Condition] : []),
  ...(filter.isSettled === false ? [[IS_UNSETTLED] as Condition] : []),
  ...(filter.stuckAt === undefined ? [] : isStuck(filter.stuckAt)),
]

/** The bank refused for good, or the last decision, or the wait for the first one, has lasted too long. */
const isStuck = (now: Instant): Condition[] => [
  [
    `(view ->> '$.stuck.code' IS NOT NULL
      OR coalesce(view ->> '$.decidedAt', view ->> '$.placedAt') <= ?)`,
    toTimestamp(now - OVERDUE_MS),
  ],
  [IS_UNSETTLED],
]

/** The filters that have an index, the one that excludes most rows first. */
const indexedFilters = (filter: OrderFilter): IndexedFilter[] => {
  const { reference, customerId, isSettled, stuckAt, paymentStatus, inventoryStatus, status } = filter
  const isUnsettled = isSettled === false || stuckAt !== undefined
  return [
    byValue('reference', 'reference', reference),
    byValue('customer', 'customer_id', customerId),
    ...(isUnsettled
      ? [{ column: 'unsettled', conditions: [[IS_UNSETTLED] as Condition], hasClientIndex: true }]
      : []),
    byState('status', 'status', status, 'confirmed'),
    byState('payment', PAYMENT_STATUS, paymentStatus, 'captured'),
    byState('inventory', INVENTORY_STATUS, inventoryStatus, 'committed'),
  ].flat()
}

const byValue = (column: string, expression: string, value: string | undefined): IndexedFilter[] =>
  value === undefined ? [] : [{ column, conditions: equals(expression, value), hasClientIndex: true }]

/** An index by a state leaves out the state of an order that settled as usual. */
const byState = (
  column: string,
  expression: string,
  value: string | undefined,
  usual: string,
): IndexedFilter[] =>
  value === undefined || value === usual
    ? []
    : [
        {
          column,
          conditions: [...equals(expression, value), [`${expression} <> '${usual}'`]],
          hasClientIndex: column === 'status',
        },
      ]

const equals = (expression: string, value: string | undefined): Condition[] =>
  value === undefined ? [] : [[`${expression} = ?`, value]]
