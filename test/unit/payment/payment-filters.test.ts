import { describe, expect, it } from 'vitest'
import { decodeCursor } from '../../../src/contracts/paging.ts'
import type { PaymentView } from '../../../src/payment/payment-view.ts'
import { findPayments, type PaymentFilter } from '../../../workers/payment/payment-list.ts'
import { CLIENT, OPERATOR, STRANGER } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const PAGE = { list: 'x', limit: 100 }

const VIEW: PaymentView = {
  ...{ orderId: '', status: 'captured', currency: 'USD', amount: 1, capturedAmount: 1, refundedAmount: 0 },
  ...{
    attempts: 2,
    refunds: [],
    createdAt: '2026-11-23T12:00:00.000Z',
    updatedAt: '2026-11-23T12:00:01.000Z',
  },
}

const STUCK = { code: 'card_closed', detail: 'The card is closed.' }

const listed = () => {
  const { database, sql } = createInMemoryD1('payment')
  const list = (createdAt: number, orderId: string, changes: Partial<PaymentView> = {}) =>
    sql(
      'INSERT INTO listed_payments (created_at, order_id, revision, client, view) VALUES (?, ?, 1, ?, ?)',
      ...[createdAt, orderId, CLIENT.client, JSON.stringify({ ...VIEW, orderId, ...changes })],
    )
  list(1, 'a')
  list(2, 'b', { status: 'declined' })
  list(3, 'c', { status: 'captured', stuck: STUCK })
  list(4, 'd', { status: 'voided' })
  const find = async (filter: PaymentFilter, caller = OPERATOR, page: object = {}) =>
    await findPayments(database, caller, filter, { ...PAGE, ...page })
  return { database, sql, find }
}

describe('the filters of the payments', () => {
  it.each<[PaymentFilter, string[]]>([
    [{}, ['d', 'c', 'b', 'a']],
    [{ status: 'declined' }, ['b']],
    [{ status: 'captured' }, ['c', 'a']],
    [{ isStuck: true }, ['c']],
    [{ isStuck: true, status: 'declined' }, []],
    [{ createdFrom: 2, createdBefore: 4 }, ['c', 'b']],
    [{ status: 'voided', createdBefore: 4 }, []],
  ])('%o', async (filter, ids) => {
    const { find } = listed()
    for (const caller of [OPERATOR, CLIENT])
      expect((await find(filter, caller)).items.map(({ orderId }) => orderId)).toEqual(ids)
    expect((await find(filter, STRANGER)).items).toEqual([])
  })

  it('go on after a page', async () => {
    const { find } = listed()
    const first = await find({ status: 'captured' }, OPERATOR, { limit: 1 })
    expect(first.items.map(({ orderId }) => orderId)).toEqual(['c'])
    const after = decodeCursor(first.nextCursor ?? '')?.position
    const second = await find({ status: 'captured' }, OPERATOR, { limit: 1, after })
    expect(second.items.map(({ orderId }) => orderId)).toEqual(['a'])
  })

  it('have indexes that a payment which settles as usual never enters', () => {
    const { sql } = listed()
    const counts = ['listed_by_status', 'listed_by_stuck'].map((index) => {
      const [{ partial } = { partial: 0 }] = sql<{ partial: number }>(
        `SELECT partial FROM pragma_index_list('listed_payments') WHERE name = ?`,
        index,
      )
      return partial
    })
    expect(counts).toEqual([1, 1])
    const [usual] = sql<{ n: number }>(
      "SELECT count(*) AS n FROM listed_payments INDEXED BY listed_by_status WHERE view ->> '$.status' <> 'captured' AND order_id = ?",
      'a',
    )
    expect(usual?.n).toBe(0)
  })
})
