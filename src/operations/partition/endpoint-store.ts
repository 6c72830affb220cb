import type { Instant } from '../../kernel/instant.ts'
import { DUE_ROWS_MAX } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import { type Endpoint, HEALTHY } from '../endpoint.ts'
import type { DisabledReason } from '../webhook.ts'
import type { WebhookDelivery } from '../webhook-delivery.ts'
import { toDelivery } from './webhook-store.ts'

/** A webhook with the state of its address and when the first of its deliveries is due. */
export type Backlog = {
  webhookId: string
  client: string
  disabledReason: DisabledReason | undefined
  dueAt: Instant | undefined
  endpoint: Endpoint
}

type EndpointRow = {
  failures: number | null
  failing_since: number | null
  rests_until: number | null
  recovered_at: number | null
}

type BacklogRow = EndpointRow & {
  webhook_id: string
  client: string
  disabled_reason: DisabledReason | null
  due_at: number | null
}

/** The condition of the index `deliveries_to_try`, word for word: SQLite takes a partial index by its text. */
const PENDING = "document ->> 'status' = 'pending'"
/** That of `deliveries_to_forget`. */
const ENDED = "document ->> 'status' <> 'pending'"

/** One look into the index for each webhook, however many deliveries there are. */
export const loadBacklogs = (sql: Sql): Backlog[] =>
  sql<BacklogRow>(
    `SELECT webhooks.webhook_id, webhooks.document ->> 'client' AS client,
        webhooks.document ->> 'disabledReason' AS disabled_reason,
        failures, failing_since, rests_until, recovered_at,
        (SELECT due_at FROM deliveries INDEXED BY deliveries_to_try
          WHERE deliveries.webhook_id = webhooks.webhook_id AND ${PENDING} ORDER BY due_at LIMIT 1) AS due_at
      FROM webhooks LEFT JOIN endpoints ON endpoints.webhook_id = webhooks.webhook_id`,
  ).map((row) => ({
    webhookId: row.webhook_id,
    client: row.client,
    disabledReason: row.disabled_reason ?? undefined,
    dueAt: row.due_at ?? undefined,
    endpoint: toEndpoint(row),
  }))

export const loadEndpoint = (sql: Sql, webhookId: string): Endpoint =>
  sql<EndpointRow>(
    'SELECT failures, failing_since, rests_until, recovered_at FROM endpoints WHERE webhook_id = ?',
    webhookId,
  ).map(toEndpoint)[0] ?? HEALTHY

const toEndpoint = (row: EndpointRow): Endpoint => ({
  failures: row.failures ?? 0,
  failingSince: row.failing_since,
  restsUntil: row.rests_until ?? 0,
  recoveredAt: row.recovered_at,
})

export const storeEndpoint = (sql: Sql, webhookId: string, endpoint: Endpoint): void => {
  const { failures, failingSince, restsUntil, recoveredAt } = endpoint
  sql(
    `INSERT OR REPLACE INTO endpoints (webhook_id, failures, failing_since, rests_until, recovered_at)
      VALUES (?, ?, ?, ?, ?)`,
    ...[webhookId, failures, failingSince, restsUntil, recoveredAt],
  )
}

/** What failed before says nothing of the address from now on. */
export const forgetEndpoint = (sql: Sql, webhookId: string): void => {
  sql('DELETE FROM endpoints WHERE webhook_id = ?', webhookId)
}

/** The deliveries of one webhook that are due, the one that waited longest first. */
export const loadDueOf = (sql: Sql, webhookId: string, now: Instant, limit: number): WebhookDelivery[] =>
  sql<{ document: string }>(
    `SELECT document FROM deliveries INDEXED BY deliveries_to_try
      WHERE webhook_id = ? AND ${PENDING} AND due_at <= ? ORDER BY due_at LIMIT ?`,
    ...[webhookId, now, limit],
  ).map(toDelivery)

/** A portion of what is on its way there is on its way no longer. Returns whether there may be more. */
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
          WHERE webhook_id = ?3 AND ${PENDING} LIMIT ${DUE_ROWS_MAX})
      RETURNING 1`,
    ...[dueAt, error, webhookId],
  ).length === DUE_ROWS_MAX

/** A portion of what was kept long enough is deleted. */
export const forgetPortion = (sql: Sql, now: Instant): void => {
  sql(
    `DELETE FROM deliveries WHERE (webhook_id, delivery_id) IN (
      SELECT webhook_id, delivery_id FROM deliveries INDEXED BY deliveries_to_forget
        WHERE ${ENDED} AND due_at <= ? ORDER BY due_at LIMIT ${DUE_ROWS_MAX})`,
    now,
  )
}

export const earliestToForget = (sql: Sql): Instant | undefined =>
  sql<{ due_at: number }>(
    `SELECT due_at FROM deliveries INDEXED BY deliveries_to_forget WHERE ${ENDED} ORDER BY due_at LIMIT 1`,
  )[0]?.due_at

export const removedWebhooks = (sql: Sql): string[] =>
  sql<{ webhook_id: string }>('SELECT webhook_id FROM removed_webhooks').map((row) => row.webhook_id)

/** A portion of what was ever delivered to a removed webhook is deleted; the last one ends the removal. */
export const removePortion = (sql: Sql, webhookId: string): void => {
  const removed = sql(
    `DELETE FROM deliveries WHERE webhook_id = ?1 AND delivery_id IN (
      SELECT delivery_id FROM deliveries WHERE webhook_id = ?1 LIMIT ${DUE_ROWS_MAX}) RETURNING 1`,
    webhookId,
  )
  if (removed.length < DUE_ROWS_MAX) sql('DELETE FROM removed_webhooks WHERE webhook_id = ?', webhookId)
}
