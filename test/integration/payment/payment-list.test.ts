import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/contracts/caller.ts'
import { decodeCursor, type Page } from '../../../src/contracts/paging.ts'
import type { PaymentView } from '../../../src/payment/payment-view.ts'
import { findPayments } from '../../../workers/payment/payment-list.ts'
import { countRowsRead } from '../../support/rows-read.ts'

const { PAYMENTS_DB } = env as PaymentEnv

const OTHERS = 100_000
const OWN = 30
const LIMIT = 10

/** An index entry and the row itself, for each item and one more. */
const ROWS_READ_MAX = 2 * (LIMIT + 2)
/** A list of all clients reads the rows of both, sorts them, and looks up their views. */
const MERGED_ROWS_READ_MAX = 2 * 5 * (LIMIT + 1)

const SMALL: Caller = { client: 'small', scopes: ['payments:read'] }
const STRANGER: Caller = { client: 'stranger', scopes: ['payments:read'] }
const OPERATOR: Caller = { client: 'operator', scopes: ['operations'] }

const VIEW: PaymentView = {
  orderId: '',
  status: 'captured',
  currency: 'USD',
  amount: 1,
  capturedAmount: 1,
  refundedAmount: 0,
  attempts: 2,
  refunds: [],
  createdAt: '2026-11-23T12:00:00.000Z',
  updatedAt: '2026-11-23T12:00:01.000Z',
}

const insert = (client: string, count: number, at: string) =>
  PAYMENTS_DB.prepare(
    `INSERT INTO listed_payments (created_at, order_id, revision, client, view)
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT ${at}, '${client}-' || n, 4, '${client}', json_set(?, '$.orderId', '${client}-' || n) FROM numbers`,
  )
    .bind(JSON.stringify(VIEW))
    .run()

beforeAll(async () => {
  await insert('large', OTHERS, 'n * 10')
  await insert('small', OWN, '500000 + n')
}, 120_000)

const counting = countRowsRead(PAYMENTS_DB)

const read = async (caller: Caller, page: Partial<Page> = {}) => {
  const found = await findPayments(counting.database, caller, {}, { list: 'x', limit: LIMIT, ...page })
  return { ...found, rowsRead: counting.taken() }
}

describe('the list of payments', () => {
  it('of a client with few among 100 000 of others reads little more than it shows, page by page', async () => {
    const items: string[] = []
    for (let page: Partial<Page> | undefined = {}; page !== undefined; ) {
      const found = await read(SMALL, page)
      expect(found.rowsRead).toBeLessThanOrEqual(ROWS_READ_MAX)
      items.push(...found.items.map(({ orderId }) => orderId))
      page = found.nextCursor === undefined ? undefined : { after: decodeCursor(found.nextCursor)?.position }
    }
    expect(items).toEqual(Array.from({ length: OWN }, (_, index) => `small-${OWN - index}`))
  })

  it.each([
    ['a client that has none', STRANGER, 0, ROWS_READ_MAX],
    ['all clients', OPERATOR, LIMIT, MERGED_ROWS_READ_MAX],
  ])('of %s reads little more than it shows', async (_of, caller, count, rowsReadMax) => {
    const { items, rowsRead } = await read(caller)
    expect(items).toHaveLength(count)
    expect(rowsRead).toBeLessThanOrEqual(rowsReadMax)
  })
})
