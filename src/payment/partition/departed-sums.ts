import type { Sql } from '../../messaging/sql.ts'
import type { Payment } from '../payment.ts'

/** For a migration: what the payments that have left come to. */
export const DEPARTED_PAYMENTS_TABLE = `CREATE TABLE departed_payments (
    currency TEXT PRIMARY KEY,
    payments INTEGER NOT NULL,
    captured_minor INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL
  ) WITHOUT ROWID`

/** In the turn in which they leave. One row is written for each currency. */
export const addToDepartedSums = (sql: Sql, payments: readonly Payment[]): void => {
  for (const [currency, group] of Map.groupBy(payments, (payment) => payment.currency)) {
    const sumOf = (field: 'capturedMinor' | 'refundedMinor') =>
      group.reduce((sum, payment) => sum + payment[field], 0)
    sql(
      `INSERT INTO departed_payments (currency, payments, captured_minor, refunded_minor) VALUES (?, ?, ?, ?)
        ON CONFLICT (currency) DO UPDATE SET payments = payments + excluded.payments,
          captured_minor = captured_minor + excluded.captured_minor,
          refunded_minor = refunded_minor + excluded.refunded_minor`,
      ...[currency, group.length, sumOf('capturedMinor'), sumOf('refundedMinor')],
    )
  }
}
