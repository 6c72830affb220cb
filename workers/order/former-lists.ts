import type { Customer } from '../../src/contracts/customer-erasure.ts'

/** Rows that one portion deletes in each table. */
const PORTION = 500

/**
 * Deletes a portion of a customer's rows from the tables that held the list of orders in earlier releases, and that no
 * statement of this one reads. Not done: there may be more.
 */
export const eraseFromFormerLists = async (
  { ORDERS_DB, LISTS_DB }: Pick<OrderEnv, 'ORDERS_DB' | 'LISTS_DB'>,
  { client, customerId }: Customer,
): Promise<{ isDone: boolean }> => {
  const deleted = await Promise.all(
    [ORDERS_DB, LISTS_DB].map(
      async (database) =>
        (
          await database
            .prepare(
              `DELETE FROM orders WHERE (placed_at, order_id) IN
                (SELECT placed_at, order_id FROM orders WHERE client = ? AND customer_id = ? LIMIT ${PORTION})
                RETURNING order_id`,
            )
            .bind(client, customerId)
            .all()
        ).results.length,
    ),
  )
  return { isDone: deleted.every((rows) => rows < PORTION) }
}
