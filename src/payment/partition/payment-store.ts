import type { Instant } from '../../kernel/instant.ts'
import { COUNTS_COLUMN } from '../../messaging/counters.ts'
import { SETTINGS_TABLE } from '../../messaging/fixed-setting.ts'
import { KEYS_TABLE, OLD_KEYS_TABLE } from '../../messaging/idempotency.ts'
import { FILLING_TABLE, refillingStatement } from '../../messaging/list-filling-store.ts'
import { WATERMARKS_TABLE } from '../../messaging/recent-rows.ts'
import { ROW_DEPARTURE_TABLES } from '../../messaging/row-departures.ts'
import { additive } from '../../messaging/schema.ts'
import { isOneOf, type Sql } from '../../messaging/sql.ts'
import { readStored, toStored } from '../../messaging/stored-document.ts'
import { SWEEP_ROWS_MAX, SWEEPS_TABLE, sweepStatement } from '../../messaging/sweep.ts'
import { PAYMENT, type Payment } from '../payment.ts'
import { DEPARTED_PAYMENTS_TABLE } from './departed-sums.ts'
import { BANK_NEWS_TABLE } from './news-store.ts'

/** The tables of a payment partition. What is deployed never changes; append. */
export const PAYMENT_TABLES = [
  `CREATE TABLE payments (
    order_id TEXT PRIMARY KEY,
    due_at INTEGER,
    sends INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    listed_revision INTEGER NOT NULL,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX payments_due ON payments (due_at) WHERE due_at IS NOT NULL;
  ${OLD_KEYS_TABLE}`,
  SETTINGS_TABLE,
  KEYS_TABLE,
  `${SWEEPS_TABLE}; ${sweepStatement('tokens', 'payments')}`,
  WATERMARKS_TABLE,
  COUNTS_COLUMN,
  additive(FILLING_TABLE),
  additive(BANK_NEWS_TABLE),
  // The list of payments moved to another table.
  additive(refillingStatement('payments')),
  additive(`${ROW_DEPARTURE_TABLES}; ${DEPARTED_PAYMENTS_TABLE}`),
] as const

/** A payment's row: the payment, when it is due, and how often its outstanding events were sent. */
export type PaymentRow = {
  payment: Payment
  /** When the row is due. `null` for a recent payment, and once it is listed and has no outstanding events. */
  dueAt: Instant | null
  /** The due time in the table. Undefined for a payment that is not stored yet. */
  storedDueAt?: Instant | null
  /** How often its refunds were published, and when last. */
  sends: number
  sentAt: Instant
  /** The revision that the read model has. */
  listedRevision: number
}

type StoredRow = {
  due_at: number | null
  sends: number
  sent_at: number
  listed_revision: number
  document: string
}

export const loadPayments = (sql: Sql, orderIds: readonly string[]): Map<string, PaymentRow> => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  const rows = sql<StoredRow>(`SELECT * FROM payments WHERE ${condition}`, keys).map(toRow)
  return new Map(rows.map((row) => [row.payment.orderId, row]))
}

export const loadDue = (sql: Sql, now: Instant, limit: number): PaymentRow[] =>
  sql<StoredRow>(`SELECT * FROM payments WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`, now).map(toRow)

/** A portion of all payments, in the order of their ids. */
export const loadAfter = (sql: Sql, orderId: string): PaymentRow[] =>
  sql<StoredRow>(
    `SELECT * FROM payments WHERE order_id > ? ORDER BY order_id LIMIT ${SWEEP_ROWS_MAX}`,
    orderId,
  ).map(toRow)

/** The same, the payments alone, at most `limit`. */
export const loadPaymentsAfter = (sql: Sql, orderId: string, limit: number): Payment[] =>
  sql<{ document: string }>(
    `SELECT document FROM payments WHERE order_id > ? ORDER BY order_id LIMIT ${limit}`,
    orderId,
  ).map(({ document }) => readStored(PAYMENT, document))

export const earliestDue = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number | null }>('SELECT min(due_at) AS due_at FROM payments WHERE due_at IS NOT NULL')[0]
    ?.due_at ?? undefined

/** So many rows that are due at some time are looked at for the metrics. */
const MEASURED_MAX = 10_000

/** The payments that wait for their order after their first seconds, and when the oldest one began. */
export const countWaiting = (sql: Sql): { waiting: number; oldestAt: Instant | undefined } => {
  const [found] = sql<{ waiting: number; oldest_at: number | null }>(
    `SELECT count(*) AS waiting, min(document ->> '$.createdAt') AS oldest_at
      FROM (SELECT document FROM payments WHERE due_at IS NOT NULL LIMIT ${MEASURED_MAX})
      WHERE document ->> '$.goal' = 'authorize' AND document ->> '$.refusal' IS NULL
        AND document ->> '$.status' IN ('pending', 'authorized')`,
  )
  return { waiting: found?.waiting ?? 0, oldestAt: found?.oldest_at ?? undefined }
}

/** Setting `due_at`, even to its old value, writes the index once more. So the statement sets it only if it changes. */
export const storePayment = (sql: Sql, row: PaymentRow): void => {
  const isDueDateChanged = row.dueAt !== row.storedDueAt
  sql(
    `INSERT INTO payments (order_id, due_at, sends, sent_at, listed_revision, document) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (order_id) DO UPDATE SET
        ${isDueDateChanged ? 'due_at = excluded.due_at, ' : ''}sends = excluded.sends, sent_at = excluded.sent_at,
        listed_revision = excluded.listed_revision, document = excluded.document`,
    row.payment.orderId,
    row.dueAt,
    row.sends,
    row.sentAt,
    row.listedRevision,
    toStored(PAYMENT, row.payment),
  )
}

/** Sets when a row is due, and nothing else: for a row that could not be attended to. */
export const postpone = (sql: Sql, orderId: string, dueAt: Instant): void => {
  sql('UPDATE payments SET due_at = ? WHERE order_id = ?', dueAt, orderId)
}

/** In the turn in which they leave. */
export const deletePayments = (sql: Sql, orderIds: readonly string[]): void => {
  const [condition, keys] = isOneOf('order_id', orderIds)
  sql(`DELETE FROM payments WHERE ${condition}`, keys)
}

const toRow = (row: StoredRow): PaymentRow => ({
  payment: readStored(PAYMENT, row.document),
  dueAt: row.due_at,
  storedDueAt: row.due_at,
  sends: row.sends,
  sentAt: row.sent_at,
  listedRevision: row.listed_revision,
})
