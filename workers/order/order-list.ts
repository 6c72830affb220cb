import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import type { Caller } from '../../src/contracts/caller.ts'
import { type Page, toPage } from '../../src/contracts/paging.ts'
import type { Order } from '../../src/order/order.ts'
import { type OrderView, viewOrder } from '../../src/order/order-view.ts'

/** One statement for all: D1 takes a hundred bound parameters, and one of them is a whole JSON array. */
const UPSERT = `
  INSERT INTO orders (placed_at, order_id, version, client, status, customer_id, reference, view)
  SELECT value ->> 'placedAt', value ->> 'orderId', value ->> 'version', value ->> 'client', value ->> 'status',
    value ->> 'customerId', value ->> 'reference', value ->> 'view'
  FROM json_each(?) WHERE true
  ON CONFLICT (placed_at, order_id) DO UPDATE SET
    version = excluded.version, status = excluded.status, view = excluded.view
  WHERE excluded.version > orders.version`

/** Brings orders into the read model; an older version never replaces a newer one. */
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
  view: JSON.stringify(viewOrder(order)),
})

export type OrderFilter = {
  status?: string | undefined
  customerId?: string | undefined
  reference?: string | undefined
}

/** Newest first; what the caller may see. */
export const findOrders = async (database: D1Database, caller: Caller, filter: OrderFilter, page: Page) => {
  const [placedAt, orderId] = page.after ?? []
  const conditions: [string, (string | number)[]][] = [
    ...(placedAt === undefined
      ? []
      : [
          ['(placed_at, order_id) < (?, ?)', [Number(placedAt), orderId ?? '']] as [
            string,
            (string | number)[],
          ],
        ]),
    ...equals('status', filter.status),
    ...equals('customer_id', filter.customerId),
    ...equals('reference', filter.reference),
    ...equals('client', caller.scopes.includes('operations') ? undefined : caller.client),
  ]
  const where = conditions.length > 0 ? `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}` : ''
  const query = `SELECT placed_at, order_id, view FROM orders ${where} ORDER BY placed_at DESC, order_id DESC LIMIT ?`
  const { results } = await database
    .prepare(query)
    .bind(...conditions.flatMap(([, bindings]) => bindings), page.limit + 1)
    .all<{ placed_at: number; order_id: string; view: string }>()
  return toPage(results, page, {
    item: (row) => JSON.parse(row.view) as OrderView,
    position: (row) => [String(row.placed_at), row.order_id],
  })
}

const equals = (column: string, value: string | undefined): [string, string[]][] =>
  value === undefined ? [] : [[`${column} = ?`, [value]]]
