import { describe, expect, it } from 'vitest'
import { eraseFromFormerLists } from '../../../workers/order/former-lists.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const CUSTOMER = { client: 'shop', customerId: 'cust_1' }

/** Both databases with the rows that earlier releases wrote: so many of the customer, and two of others. */
const openDatabases = (theirs: number) => {
  const orders = createInMemoryD1('order')
  const lists = createInMemoryD1('order', { folder: 'list-migrations' })
  for (const { sql } of [orders, lists]) {
    sql(
      `INSERT INTO orders (placed_at, order_id, version, client, status, customer_id, reference, view)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${theirs})
        SELECT n, 'ord_' || n, 1, 'shop', 'confirmed', 'cust_1', 'Anna', '{}' FROM numbers`,
    )
    sql(
      `INSERT INTO orders (placed_at, order_id, version, client, status, customer_id, view) VALUES
        (1, 'other customer', 1, 'shop', 'confirmed', 'cust_2', '{}'),
        (1, 'other client', 1, 'neighbour', 'confirmed', 'cust_1', '{}')`,
    )
  }
  return {
    env: { ORDERS_DB: orders.database, LISTS_DB: lists.database },
    left: () =>
      [orders, lists].map(({ sql }) =>
        sql<{ order_id: string }>('SELECT order_id FROM orders ORDER BY order_id').map((row) => row.order_id),
      ),
  }
}

describe('the tables of lists that earlier releases wrote', () => {
  it('lose the rows of a customer, and of no other', async () => {
    const { env, left } = openDatabases(3)
    expect(await eraseFromFormerLists(env, CUSTOMER)).toEqual({ isDone: true })
    expect(left()).toEqual([
      ['other client', 'other customer'],
      ['other client', 'other customer'],
    ])
  })

  it('lose them in portions', async () => {
    const { env, left } = openDatabases(700)
    expect(await eraseFromFormerLists(env, CUSTOMER)).toEqual({ isDone: false })
    expect(await eraseFromFormerLists(env, CUSTOMER)).toEqual({ isDone: true })
    expect(left().map((ids) => ids.length)).toEqual([2, 2])
  })
})
