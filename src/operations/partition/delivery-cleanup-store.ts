import type { Instant } from '../../kernel/instant.ts'
import { DUE_ROWS_MAX } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import { IS_FINISHED, IS_PENDING } from './delivery-store.ts'

/** Gives up a portion of the pending deliveries of one webhook. Returns whether there may be more. */
export const giveUpPortion = (
  sql: Sql,
  webhookId: string,
  { error, dueAt }: { error: string; dueAt: Instant },
): boolean =>
  sql(
    `UPDATE deliveries SET due_at = ?1, document = json_set(
        json_remove(document, '$.leasedUntil', '$.lastStatus'),
        '$.status', 'failed', '$.lastError', ?2, '$.dueAt', ?1)
      WHERE webhook_id = ?3 AND delivery_id IN (
        SELECT delivery_id FROM deliveries INDEXED BY deliveries_to_try
          WHERE webhook_id = ?3 AND ${IS_PENDING} LIMIT ${DUE_ROWS_MAX})
      RETURNING 1`,
    ...[dueAt, error, webhookId],
  ).length === DUE_ROWS_MAX

/** Deletes a portion of the finished deliveries that were kept long enough. */
export const forgetPortion = (sql: Sql, now: Instant): void => {
  sql(
    `DELETE FROM deliveries WHERE (webhook_id, delivery_id) IN (
      SELECT webhook_id, delivery_id FROM deliveries INDEXED BY deliveries_to_forget
        WHERE ${IS_FINISHED} AND due_at <= ? ORDER BY due_at LIMIT ${DUE_ROWS_MAX})`,
    now,
  )
}

export const earliestToForget = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number }>(
    `SELECT due_at FROM deliveries INDEXED BY deliveries_to_forget WHERE ${IS_FINISHED} ORDER BY due_at LIMIT 1`,
  )[0]?.due_at

export const removedWebhooks = (sql: Sql): string[] =>
  sql<{ webhook_id: string }>('SELECT webhook_id FROM removed_webhooks').map((row) => row.webhook_id)

/** Deletes a portion of the deliveries of a removed webhook. The last portion ends the removal. */
export const removePortion = (sql: Sql, webhookId: string): void => {
  const removed = sql(
    `DELETE FROM deliveries WHERE webhook_id = ?1 AND delivery_id IN (
      SELECT delivery_id FROM deliveries WHERE webhook_id = ?1 LIMIT ${DUE_ROWS_MAX}) RETURNING 1`,
    webhookId,
  )
  if (removed.length < DUE_ROWS_MAX) sql('DELETE FROM removed_webhooks WHERE webhook_id = ?', webhookId)
}
