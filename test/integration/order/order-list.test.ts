import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/contracts/caller.ts'
import { decodeCursor, type Page } from '../../../src/contracts/paging.ts'
import { placeOrder } from '../../../src/order/order.ts'
import { viewOrder } from '../../../src/order/order-view.ts'
import { findOrders, type OrderFilter } from '../../../workers/order/order-list.ts'
import { placement } from '../../support/builders.ts'
import { countRowsRead } from '../../support/rows-read.ts'

const { LISTS_DB } = env as OrderEnv

const OTHERS = 100_000
const OWN = 30
const LIMIT = 10

/** An index entry and the row itself, for each item and one more; and what the end of a list takes. */
const ROWS_READ_MAX = 4 * (LIMIT + 1)
/** Where no index knows the filters. */
const WALKED_ROWS_READ_MAX = 2_100
/** Of the large and the small client: a list of all clients reads the rows of each, sorts them, and looks up their views. */
const CLIENTS = 2
const READS_OF_MERGED_ROW = 5

const SMALL: Caller = { client: 'small', scopes: ['orders:read'] }
const LARGE: Caller = { client: 'large', scopes: ['orders:read'] }
const OPERATOR: Caller = { client: 'operator', scopes: ['operations'] }

const VIEW = JSON.stringify(viewOrder(placeOrder(placement({ lines: [] }))))

/** Older and newer than all orders of the small client, with the same customers and references. */
const insert = (client: string, count: number, [status, at, everyMs]: [string, string, number]) =>
  LISTS_DB.prepare(
    `INSERT INTO listed_orders (placed_at, order_id, version, client, status, customer_id, reference, view)
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT ${at} + n * ${everyMs}, '${client}-' || n, 7, '${client}', ${status}, 'cust_1', 'web-1',
        json_set(?, '$.orderId', '${client}-' || n, '$.status', ${status}) FROM numbers`,
  )
    .bind(VIEW)
    .run()

beforeAll(async () => {
  await insert('large', OTHERS, ["iif(n = 10, 'confirmed', iif(n % 2, 'rejected', 'pending'))", '0', 10])
  await insert('small', OWN, ["iif(n % 3, 'confirmed', 'rejected')", '500000', 1])
}, 120_000)

const counting = countRowsRead(LISTS_DB)

const read = async (caller: Caller, filter: OrderFilter, page: Partial<Page> = {}) => {
  const found = await findOrders(counting.database, caller, filter, { list: 'x', limit: LIMIT, ...page })
  return { ...found, rowsRead: counting.taken() }
}

/** All that the list has, and the most rows that one page has read. */
const readAll = async (caller: Caller, filter: OrderFilter) => {
  const items: unknown[] = []
  let [rowsRead, pages] = [0, 0]
  for (let page: Partial<Page> | undefined = {}; page !== undefined; ) {
    const found = await read(caller, filter, page)
    items.push(...found.items.map(({ orderId }) => orderId))
    rowsRead = Math.max(rowsRead, found.rowsRead)
    pages += 1
    page = found.nextCursor === undefined ? undefined : { after: decodeCursor(found.nextCursor)?.position }
  }
  return { items, rowsRead, pages }
}

const FILTERS: OrderFilter[] = [undefined, 'confirmed', 'rejected', 'pending'].flatMap((status) =>
  [undefined, 'cust_1', 'cust_2'].flatMap((customerId) =>
    [undefined, 'web-1', 'web-2'].map((reference) => ({ status, customerId, reference })),
  ),
)

describe('the list of orders', () => {
  it.each(FILTERS)(
    'of a client with few orders among 100 000 of others reads little more than it shows: status $status, customer $customerId, reference $reference',
    async (filter) => {
      const { items, rowsRead } = await readAll(SMALL, filter)
      const isNone = filter.customerId === 'cust_2' || filter.reference === 'web-2'
      const ofStatus = { confirmed: 20, rejected: 10, pending: 0 }[filter.status ?? ''] ?? OWN
      expect(items).toHaveLength(isNone ? 0 : ofStatus)
      expect(new Set(items).size).toBe(items.length)
      // Two reads where the first shows too little: the second goes on to the end.
      expect(rowsRead).toBeLessThanOrEqual(ROWS_READ_MAX + 2 * OWN)
    },
  )

  it.each(FILTERS)(
    'of all clients reads a bounded number of rows for each page: status $status, customer $customerId, reference $reference',
    async (filter) => {
      const { rowsRead, items } = await read(OPERATOR, filter)
      expect(items.length).toBeLessThanOrEqual(LIMIT)
      expect(rowsRead).toBeLessThanOrEqual(CLIENTS * READS_OF_MERGED_ROW * 1_000)
    },
  )

  it.each<OrderFilter>([
    ...[{ status: 'rejected' }, { status: 'pending' }, { customerId: 'cust_1' }, { reference: 'web-1' }],
  ])(
    'of all clients reads little more than it shows by each filter alone: status $status, customer $customerId, reference $reference',
    async (filter) => {
      const { items, rowsRead } = await read(OPERATOR, filter)
      expect(items).toHaveLength(LIMIT)
      expect(rowsRead).toBeLessThanOrEqual(ROWS_READ_MAX)
    },
  )

  it('of all clients, without a filter, reads the newest rows of each client', async () => {
    const { items, rowsRead } = await read(OPERATOR, {})
    expect(items.map(({ client }) => client)).toEqual(Array.from({ length: LIMIT }, () => 'large'))
    expect(rowsRead).toBeLessThanOrEqual(CLIENTS * READS_OF_MERGED_ROW * (LIMIT + 1))
  })

  it('of all clients is newest first across clients, and its pages meet without a gap', async () => {
    const around = { placedFrom: 499_990, placedBefore: 500_060 }
    const { items } = await readAll(OPERATOR, around)
    const large = [499_990, 500_000, 500_010, 500_020, 500_030, 500_040, 500_050]
    const all = [
      ...large.map((at) => ({ at, orderId: `large-${at / 10}` })),
      ...Array.from({ length: OWN }, (_, index) => ({ at: 500_001 + index, orderId: `small-${index + 1}` })),
    ]
    const newestFirst = all.toSorted(
      (one, other) => other.at - one.at || (one.orderId < other.orderId ? 1 : -1),
    )
    expect(items).toEqual(newestFirst.map(({ orderId }) => orderId))
  })

  it('finds one confirmed order among 100 000 others page by page, none of which reads many rows', async () => {
    const { items, rowsRead, pages } = await readAll(LARGE, { status: 'confirmed' })
    expect(items).toEqual(['large-10'])
    expect(rowsRead).toBeLessThanOrEqual(WALKED_ROWS_READ_MAX)
    expect(pages).toBeLessThanOrEqual(OTHERS / 1_000 + 1)
  }, 30_000)

  it('is newest first, and its pages meet without a gap', async () => {
    const { items } = await readAll(SMALL, {})
    expect(items).toEqual(Array.from({ length: OWN }, (_, index) => `small-${OWN - index}`))
  })
})
