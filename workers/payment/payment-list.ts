import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import { actsForAll, type Caller } from '../../src/contracts/caller.ts'
import { type Page, toPage } from '../../src/contracts/paging.ts'
import { readStored, toStored } from '../../src/messaging/stored-document.ts'
import type { Payment } from '../../src/payment/payment.ts'
import { PAYMENT_VIEW, type PaymentView, viewPayment } from '../../src/payment/payment-view.ts'
import type { Window } from '../../src/payment/reconciliation.ts'

const UPSERT = `
  INSERT INTO payments (created_at, order_id, revision, client, view)
  SELECT value ->> 'createdAt', value ->> 'orderId', value ->> 'revision', value ->> 'client', value ->> 'view'
  FROM json_each(?) WHERE true
  ON CONFLICT (created_at, order_id) DO UPDATE SET
    revision = excluded.revision, client = excluded.client, view = excluded.view
  WHERE excluded.revision > payments.revision`

/**
 * Writes payments to the read model. An older revision never replaces a newer one. A payment without a client is visible
 * to no client, so it is not listed.
 */
export const listPayments = async (database: D1Database, payments: readonly Payment[]): Promise<void> => {
  const rows = payments.filter(({ client }) => client !== null).map(toRow)
  const statements = jsonParameters(rows).map((each) => database.prepare(UPSERT).bind(each))
  if (statements.length > 0) await database.batch(statements)
}

const toRow = (payment: Payment) => ({
  createdAt: payment.createdAt,
  orderId: payment.orderId,
  revision: payment.revision,
  client: payment.client,
  view: toStored(PAYMENT_VIEW, viewPayment(payment)),
})

/** The index of the list, and the condition on the client. Each index ends in the time, which is the list's order. */
const ALL = ['NOT INDEXED', 'client IS NOT NULL'] as const
const OF_CLIENT = ['INDEXED BY payments_by_client', 'client = ?'] as const

/** The payments that the caller may see, newest first. */
export const findPayments = async (database: D1Database, caller: Caller, page: Page) => {
  const [createdAt, orderId] = page.after ?? [String(Number.MAX_SAFE_INTEGER), '']
  const isOperator = actsForAll(caller)
  const [source, owner] = isOperator ? ALL : OF_CLIENT
  const { results } = await database
    .prepare(
      `SELECT created_at, order_id, client, view FROM payments ${source}
        WHERE ${owner} AND (created_at, order_id) < (?, ?) ORDER BY created_at DESC, order_id DESC LIMIT ?`,
    )
    .bind(...(isOperator ? [] : [caller.client]), Number(createdAt), orderId, page.limit + 1)
    .all<{ created_at: number; order_id: string; client: string; view: string }>()
  return toPage(results, page, {
    item: ({ client, view }): PaymentView => ({
      ...readStored(PAYMENT_VIEW, view),
      ...(isOperator && { client }),
    }),
    position: (row) => [String(row.created_at), row.order_id],
  })
}

/** So many payments are looked up at the bank for one page. */
const ORDERS_AT_ONCE = 20

/** The orders whose payments were made in that time, oldest first: a portion after `after`. */
export const findOrderIds = async (
  database: D1Database,
  { from, to }: Window,
  after: string,
): Promise<{ orderIds: string[]; next?: string }> => {
  const [createdAt = '', orderId = ''] = after.split('/')
  const { results } = await database
    .prepare(
      `SELECT created_at, order_id FROM payments NOT INDEXED
        WHERE (created_at, order_id) > (?, ?) AND created_at < ? ORDER BY created_at, order_id LIMIT ?`,
    )
    .bind(
      ...[
        createdAt === '' ? from - 1 : Number(createdAt),
        orderId === '' ? '~' : orderId,
        to,
        ORDERS_AT_ONCE + 1,
      ],
    )
    .all<{ created_at: number; order_id: string }>()
  const shown = results.slice(0, ORDERS_AT_ONCE)
  const last = shown.at(-1)
  const orderIds = shown.map((row) => row.order_id)
  return results.length > ORDERS_AT_ONCE && last !== undefined
    ? { orderIds, next: `${last.created_at}/${last.order_id}` }
    : { orderIds }
}
