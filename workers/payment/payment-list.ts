import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import type { Caller } from '../../src/contracts/caller.ts'
import { type Page, toPage } from '../../src/contracts/paging.ts'
import type { Payment } from '../../src/payment/payment.ts'
import { type PaymentView, viewPayment } from '../../src/payment/payment-view.ts'

const UPSERT = `
  INSERT INTO payments (created_at, order_id, revision, client, view)
  SELECT value ->> 'createdAt', value ->> 'orderId', value ->> 'revision', value ->> 'client', value ->> 'view'
  FROM json_each(?) WHERE true
  ON CONFLICT (created_at, order_id) DO UPDATE SET
    revision = excluded.revision, client = excluded.client, view = excluded.view
  WHERE excluded.revision > payments.revision`

/** Brings payments into the read model; an older revision never replaces a newer one. */
export const listPayments = async (database: D1Database, payments: readonly Payment[]): Promise<void> => {
  const statements = jsonParameters(payments.map(toRow)).map((rows) => database.prepare(UPSERT).bind(rows))
  if (statements.length > 0) await database.batch(statements)
}

const toRow = (payment: Payment) => ({
  createdAt: payment.createdAt,
  orderId: payment.orderId,
  revision: payment.revision,
  client: payment.client,
  view: JSON.stringify(viewPayment(payment)),
})

/** Newest first; what the caller may see. */
export const findPayments = async (database: D1Database, caller: Caller, page: Page) => {
  const [createdAt, orderId] = page.after ?? [String(Number.MAX_SAFE_INTEGER), '']
  const seesAll = Number(caller.scopes.includes('operations'))
  const { results } = await database
    .prepare(
      `SELECT created_at, order_id, view FROM payments
        WHERE (created_at, order_id) < (?, ?) AND client IS NOT NULL AND (? = 1 OR client = ?)
        ORDER BY created_at DESC, order_id DESC LIMIT ?`,
    )
    .bind(Number(createdAt), orderId, seesAll, caller.client, page.limit + 1)
    .all<{ created_at: number; order_id: string; view: string }>()
  return toPage(results, page, {
    item: (row) => JSON.parse(row.view) as PaymentView,
    position: (row) => [String(row.created_at), row.order_id],
  })
}
