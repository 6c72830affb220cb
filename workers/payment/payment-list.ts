import { jsonParameters } from '../../src/cloudflare/json-parameters.ts'
import {
  type Condition,
  keysBetween,
  MERGED_ROWS_MAX,
  positionOf,
  WALKED_ROWS_MAX,
  type Walk,
  type WalkedRow,
  walkRows,
} from '../../src/cloudflare/list-walk.ts'
import { actsForAll, type Caller } from '../../src/contracts/caller.ts'
import { type Page, type Position, toPage } from '../../src/contracts/paging.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { readStored, toStored } from '../../src/messaging/stored-document.ts'
import type { ListedPaymentKey } from '../../src/payment/partition/departed-payments.ts'
import type { Payment } from '../../src/payment/payment.ts'
import { PAYMENT_VIEW, type PaymentView, viewPayment } from '../../src/payment/payment-view.ts'
import type { Window } from '../../src/payment/reconciliation.ts'

const UPSERT = `
  INSERT INTO listed_payments (client, created_at, order_id, revision, view)
  SELECT value ->> 'client', value ->> 'createdAt', value ->> 'orderId', value ->> 'revision', value ->> 'view'
  FROM json_each(?) WHERE true
  ON CONFLICT (client, created_at, order_id) DO UPDATE SET revision = excluded.revision, view = excluded.view
  WHERE excluded.revision > listed_payments.revision`

/**
 * Writes payments to the read model. An older revision never replaces a newer one. A payment without a client is visible
 * to no client, so it is not listed.
 */
export const listPayments = async (database: D1Database, payments: readonly Payment[]): Promise<void> => {
  const rows = payments.filter(({ client }) => client !== null).map(toRow)
  const statements = jsonParameters(rows).map((each) => database.prepare(UPSERT).bind(each))
  if (statements.length > 0) await database.batch(statements)
}

const UNLIST = [
  `DELETE FROM listed_payments WHERE (client, created_at, order_id) IN
    (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))`,
  `DELETE FROM payments WHERE (created_at, order_id) IN
    (SELECT value ->> 1, value ->> 2 FROM json_each(?))`,
]

/** Takes payments that have left off the list, and off the one of an earlier release. */
export const unlistPayments = async (
  database: D1Database,
  keys: readonly ListedPaymentKey[],
): Promise<void> => {
  const statements = jsonParameters(keys).flatMap((each) =>
    UNLIST.map((statement) => database.prepare(statement).bind(each)),
  )
  await database.batch(statements)
}

const toRow = (payment: Payment) => ({
  createdAt: payment.createdAt,
  orderId: payment.orderId,
  revision: payment.revision,
  client: payment.client,
  view: toStored(PAYMENT_VIEW, viewPayment(payment)),
})

export type PaymentFilter = {
  status?: PaymentView['status'] | undefined
  /** Only payments with a step that the bank has refused for good. */
  isStuck?: boolean | undefined
  createdFrom?: Instant | undefined
  createdBefore?: Instant | undefined
}

const LIST = { table: 'listed_payments', time: 'created_at' }

/** The payments that the caller may see, newest first. */
export const findPayments = async (
  database: D1Database,
  caller: Caller,
  filter: PaymentFilter,
  page: Page,
) => {
  const isOperator = actsForAll(caller)
  const walk = walkOf(isOperator ? undefined : caller.client, filter)
  const rowsMax = walk.rest.length === 0 ? page.limit + 1 : walk.rowsMax
  const after = page.after ?? firstPosition(filter)
  const walked = await walkRows(database, LIST, walk, { after, limit: rowsMax })
  const found = walked.filter(({ view }) => view !== null).slice(0, page.limit + 1)
  const last = walk.rest.length > 0 && walked.length === rowsMax ? walked.at(-1) : undefined
  return toPage(
    found,
    { ...page, ...(last !== undefined && { goesOnAfter: positionOf(last) }) },
    {
      item: ({ client, view }: WalkedRow): PaymentView => ({
        ...readStored(PAYMENT_VIEW, view ?? 'null'),
        ...(isOperator && { client }),
      }),
      position: positionOf,
    },
  )
}

/** Later than any payment of the list, so that the first page is read like every other. */
const firstPosition = ({ createdBefore = Number.MAX_SAFE_INTEGER }: PaymentFilter): Position => [
  String(createdBefore),
  '',
]

const BY_INDEX = { isMerged: false, rowsMax: WALKED_ROWS_MAX }
const BY_TIME = { isMerged: true, index: 'NOT INDEXED', rowsMax: MERGED_ROWS_MAX }

/** The conditions of the partial indexes, as the migrations have them: SQLite compares them as expressions. */
const STATUS = "view ->> '$.status'"
const IS_STUCK = "view ->> '$.stuck.code' IS NOT NULL"

/** What every payment has that settled as usual. It has no index, and is read by time. */
const USUAL_STATUS = 'captured'

/** The index of the filter that excludes most rows. Each index ends in the time, which is the list's order. */
const walkOf = (client: string | undefined, { status, isStuck, createdFrom }: PaymentFilter): Walk => {
  const since: Condition[] = createdFrom === undefined ? [] : [['created_at >= ?', createdFrom]]
  const stuck: Condition[] = isStuck ? [[IS_STUCK]] : []
  const ofStatus: Condition[] = status === undefined ? [] : [[`${STATUS} = ?`, status]]
  if (client !== undefined) {
    const conditions: Condition[] = [['client = ?', client], ...since]
    return { ...BY_INDEX, index: 'NOT INDEXED', conditions, rest: [...stuck, ...ofStatus] }
  }
  if (isStuck) {
    return {
      ...{ ...BY_INDEX, index: 'INDEXED BY listed_by_stuck' },
      ...{ conditions: [...stuck, ...since], rest: ofStatus },
    }
  }
  if (status === undefined || status === USUAL_STATUS) {
    return { ...BY_TIME, conditions: since, rest: ofStatus }
  }
  const conditions: Condition[] = [...ofStatus, [`${STATUS} <> '${USUAL_STATUS}'`], ...since]
  return { ...BY_INDEX, index: 'INDEXED BY listed_by_status', conditions, rest: [] }
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
  const keys = await keysBetween(database, LIST, {
    after: [createdAt === '' ? String(from - 1) : createdAt, orderId === '' ? '~' : orderId],
    before: to,
    limit: ORDERS_AT_ONCE + 1,
  })
  const shown = keys.slice(0, ORDERS_AT_ONCE)
  const last = shown.at(-1)
  const orderIds = shown.map((row) => row.order_id)
  return keys.length > ORDERS_AT_ONCE && last !== undefined
    ? { orderIds, next: `${last.at}/${last.order_id}` }
    : { orderIds }
}
