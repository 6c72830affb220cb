import type { Customer } from '../../contracts/customer-erasure.ts'
import type { Sql } from '../../messaging/sql.ts'

/** Orders that one portion of an erasure reads: some ten milliseconds, in which the partition does nothing else. */
const SEARCHED_ORDERS_MAX = 1_000
/** Orders that one portion changes at most. */
const ERASED_ORDERS_MAX = 100

/**
 * The ids of a customer's orders in the next portion of all orders. `next` is the id to go on after; undefined where no
 * order is left.
 */
export const findCustomerOrders = (
  sql: Sql,
  { client, customerId }: Customer,
  after: string,
): { orderIds: string[]; next: string | undefined } => {
  const rows = sql<{ order_id: string; is_theirs: number | null }>(
    `SELECT order_id, document ->> '$.customerId' = ? AND document ->> '$.client' = ? AS is_theirs
      FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ${SEARCHED_ORDERS_MAX}`,
    customerId,
    client,
    after,
  )
  const found = rows.filter((row) => row.is_theirs === 1).map((row) => row.order_id)
  const orderIds = found.slice(0, ERASED_ORDERS_MAX)
  const isWhole = orderIds.length === found.length
  const last = rows.length < SEARCHED_ORDERS_MAX ? undefined : rows.at(-1)?.order_id
  return { orderIds, next: isWhole ? last : orderIds.at(-1) }
}
