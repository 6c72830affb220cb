import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored, toStored } from '../../messaging/stored-document.ts'
import { ADJUSTMENT, type Adjustment } from '../movements.ts'

export const insertAdjustment = (sql: Sql, adjustment: Adjustment, dueAt: Instant): void => {
  sql(
    'INSERT INTO adjustments (adjustment_id, due_at, document) VALUES (?, ?, ?)',
    adjustment.adjustmentId,
    dueAt,
    toStored(ADJUSTMENT, adjustment),
  )
}

export const loadDueAdjustments = (sql: Sql, now: Instant, limit: number): Adjustment[] =>
  sql<{ document: string }>(
    `SELECT document FROM adjustments WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`,
    now,
  ).map((row) => readStored(ADJUSTMENT, row.document))

/** Adjustments in the order of their ids, from the first id after `adjustmentId`. */
export const loadAdjustmentsAfter = (sql: Sql, adjustmentId: string, limit: number): Adjustment[] =>
  sql<{ document: string }>(
    'SELECT document FROM adjustments WHERE adjustment_id > ? ORDER BY adjustment_id LIMIT ?',
    adjustmentId,
    limit,
  ).map((row) => readStored(ADJUSTMENT, row.document))

export const settleAdjustment = (sql: Sql, adjustmentId: string): void => {
  sql('UPDATE adjustments SET due_at = NULL WHERE adjustment_id = ?', adjustmentId)
}
