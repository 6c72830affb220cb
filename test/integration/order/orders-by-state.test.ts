import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/contracts/caller.ts'
import { decodeCursor, type Page } from '../../../src/contracts/paging.ts'
import { MINUTE_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { placeOrder } from '../../../src/order/order.ts'
import { type OrderView, viewOrder } from '../../../src/order/order-view.ts'
import { findOrders, type OrderFilter } from '../../../workers/order/order-list.ts'
import { placement } from '../../support/builders.ts'
import { countRowsRead } from '../../support/rows-read.ts'

const { LISTS_DB } = env as OrderEnv

const USUAL = 20_000
const LIMIT = 10

/** An index entry and the row itself, for each item and one more; and a second read where the first shows too little. */
const ROWS_READ_MAX = 4 * (LIMIT + 1)
/** Where no index has the filters: an index entry and the row of each order of the walk. */
const WALKED_ROWS_READ_MAX = 2_100

const OPERATOR: Caller = { client: 'operator', scopes: ['operations'] }
const SHOP: Caller = { client: 'shop', scopes: ['orders:read'] }
const BUSY: Caller = { client: 'busy', scopes: ['orders:read'] }

const NOW = Date.parse('2026-11-27T12:00:00.000Z')
const FRESH = NOW - MINUTE_MS
const OLD = NOW - 11 * MINUTE_MS

const at = (instant: number) => ({ placedAt: toTimestamp(instant), decidedAt: toTimestamp(instant) })

/** What differs from the view of an order that settled as usual. */
const ODD: Record<string, { placed: number; view: Partial<OrderView> }> = {
  refused: {
    placed: FRESH,
    view: {
      status: 'cancelled',
      stuck: { code: 'bank_refused', detail: 'account_closed', waitingFor: ['payment'] },
      inventory: { status: 'released' },
      ...at(FRESH),
    },
  },
  slow: { placed: OLD, view: { inventory: { status: 'reserved' }, ...at(OLD) } },
  'just cancelled': {
    placed: OLD - 1,
    view: { status: 'cancelled', placedAt: toTimestamp(OLD - 1), decidedAt: toTimestamp(FRESH) },
  },
  waiting: {
    placed: OLD - 2,
    view: { status: 'pending', payment: paid('pending'), placedAt: toTimestamp(OLD - 2) },
  },
  declined: {
    placed: OLD - 3,
    view: {
      status: 'rejected',
      payment: paid('declined'),
      inventory: { status: 'released' },
      settledAt: toTimestamp(OLD),
    },
  },
}

function paid(status: OrderView['payment']['status']): OrderView['payment'] {
  return { status, capturedAmount: 0, refundedAmount: 0 }
}

const SETTLED: OrderView = {
  ...viewOrder(placeOrder(placement({ lines: [] }))),
  status: 'confirmed',
  inventory: { status: 'committed' },
  payment: paid('captured'),
}

const INSERT =
  'INSERT INTO listed_orders (placed_at, order_id, version, client, status, view) VALUES (?, ?, 7, ?, ?, ?)'

/** Orders that settled as usual, one each second up to now. They are newer than all that is odd. */
const insertUsual = (client: string, count: number) =>
  LISTS_DB.prepare(
    `INSERT INTO listed_orders (placed_at, order_id, version, client, status, view)
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT ${NOW} + n * 1000, '${client}-' || n, 7, '${client}', 'confirmed',
        json_set(?, '$.orderId', '${client}-' || n) FROM numbers`,
  )
    .bind(JSON.stringify({ ...SETTLED, settledAt: toTimestamp(NOW) }))
    .run()

beforeAll(async () => {
  await insertUsual('busy', USUAL)
  const insert = LISTS_DB.prepare(INSERT)
  const odd = Object.entries(ODD).flatMap(([orderId, { placed, view }]) =>
    ['shop', 'other'].map((client) => {
      const id = client === 'shop' ? orderId : `${orderId} of another`
      const stored = { ...SETTLED, ...view, orderId: id }
      return insert.bind(placed, id, client, stored.status, JSON.stringify(stored))
    }),
  )
  await LISTS_DB.batch(odd)
}, 120_000)

const counting = countRowsRead(LISTS_DB)

const read = async (caller: Caller, filter: OrderFilter, page: Partial<Page> = {}) => {
  const found = await findOrders(counting.database, caller, filter, { list: 'x', limit: LIMIT, ...page })
  return { ...found, rowsRead: counting.taken() }
}

const idsOf = ({ items }: { items: readonly OrderView[] }) => items.map(({ orderId }) => orderId)

/** What a filter finds among the orders of the shop, newest first. */
const FOUND: [OrderFilter, string[]][] = [
  [{ stuckAt: NOW }, ['refused', 'slow', 'waiting']],
  [{ isSettled: false }, ['refused', 'slow', 'just cancelled', 'waiting']],
  [{ isSettled: true }, ['declined']],
  [{ isSettled: false, status: 'cancelled' }, ['refused', 'just cancelled']],
  [{ isSettled: true, stuckAt: NOW }, []],
  [{ paymentStatus: 'pending' }, ['waiting']],
  [{ paymentStatus: 'declined' }, ['declined']],
  [{ paymentStatus: 'captured' }, ['refused', 'slow', 'just cancelled']],
  [{ inventoryStatus: 'reserved' }, ['slow']],
  [{ inventoryStatus: 'released', paymentStatus: 'declined' }, ['declined']],
  [{ inventoryStatus: 'committed', isSettled: false }, ['just cancelled', 'waiting']],
  [{ placedFrom: OLD }, ['refused', 'slow']],
  [{ placedBefore: OLD }, ['just cancelled', 'waiting', 'declined']],
  [{ placedFrom: OLD - 2, placedBefore: OLD, isSettled: false }, ['just cancelled', 'waiting']],
]

describe('the list of orders by state', () => {
  it.each(FOUND)('shows a client its own orders: %o', async (filter, expected) => {
    const found = await read(SHOP, filter)
    expect(idsOf(found)).toEqual(expected)
    expect(found.rowsRead).toBeLessThanOrEqual(ROWS_READ_MAX)
  })

  const indexed = FOUND.filter(
    ([filter]) => filter.stuckAt !== undefined || filter.isSettled === false || hasRareStatus(filter),
  )

  it.each(indexed)(
    'reads little more than it shows beside 20 000 settled orders: %o',
    async (filter, expected) => {
      const found = await read(OPERATOR, filter)
      const wanted = expected.flatMap((orderId) => [`${orderId} of another`, orderId])
      expect(idsOf(found).sort()).toEqual(wanted.sort())
      expect(found.rowsRead).toBeLessThanOrEqual(ROWS_READ_MAX)
    },
  )

  it.each(FOUND)(
    'reads a bounded number of rows for each page, of all clients and of a busy one: %o',
    async (filter) => {
      for (const caller of [OPERATOR, BUSY]) {
        const { rowsRead } = await read(caller, filter)
        expect(rowsRead).toBeLessThanOrEqual(WALKED_ROWS_READ_MAX)
      }
    },
  )

  it('what a settled order has is read by time, and its cursor goes on', async () => {
    const first = await read(OPERATOR, { paymentStatus: 'captured' })
    expect(idsOf(first)).toEqual(Array.from({ length: LIMIT }, (_, nth) => `busy-${USUAL - nth}`))
    const after = decodeCursor(first.nextCursor ?? '')?.position
    const second = await read(OPERATOR, { paymentStatus: 'captured' }, { after })
    expect(idsOf(second)[0]).toBe(`busy-${USUAL - LIMIT}`)
  })

  it('a span of time reads its own orders alone', async () => {
    const placedFrom = NOW + 5_000_000
    const found = await read(OPERATOR, { placedFrom, placedBefore: placedFrom + 3_000 })
    expect(idsOf(found)).toEqual(['busy-5002', 'busy-5001', 'busy-5000'])
    expect(found.nextCursor).toBeUndefined()
    expect(found.rowsRead).toBeLessThanOrEqual(ROWS_READ_MAX)
  })

  it('an order that settled as usual is in no index by state', async () => {
    const { meta } = await LISTS_DB.prepare(INSERT)
      .bind(NOW, 'one more', 'shop', 'confirmed', JSON.stringify({ ...SETTLED, settledAt: toTimestamp(NOW) }))
      .run()
    // The row, and its entry in the index of its client.
    expect(meta.rows_written).toBe(1)
  })
})

function hasRareStatus({ status, paymentStatus, inventoryStatus }: OrderFilter): boolean {
  return (
    (status !== undefined && status !== 'confirmed') ||
    (paymentStatus !== undefined && paymentStatus !== 'captured') ||
    (inventoryStatus !== undefined && inventoryStatus !== 'committed')
  )
}
