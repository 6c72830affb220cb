import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { Endpoint } from '../endpoint.ts'
import type { DisabledReason } from '../webhook.ts'
import type { WebhookDelivery } from '../webhook-delivery.ts'
import { IS_PENDING, toDelivery } from './delivery-store.ts'
import { ENDPOINT_COLUMNS, type EndpointRow, toEndpoint } from './endpoint-store.ts'

/** A webhook with the state of its address. `dueAt` is when the first of its pending deliveries is due. */
export type Backlog = {
  webhookId: string
  client: string
  disabledReason: DisabledReason | undefined
  dueAt: Instant | undefined
  endpoint: Endpoint
}

type BacklogRow = EndpointRow & {
  webhook_id: string
  client: string
  disabled_reason: DisabledReason | null
  due_at: number | null
}

/** One search of the index for each webhook, however many deliveries there are. */
export const loadBacklogs = (sql: Sql): Backlog[] =>
  sql<BacklogRow>(
    `SELECT webhooks.webhook_id, webhooks.document ->> 'client' AS client,
        webhooks.document ->> 'disabledReason' AS disabled_reason,
        ${ENDPOINT_COLUMNS},
        (SELECT due_at FROM deliveries INDEXED BY deliveries_to_try
          WHERE deliveries.webhook_id = webhooks.webhook_id AND ${IS_PENDING} ORDER BY due_at LIMIT 1) AS due_at
      FROM webhooks LEFT JOIN endpoints ON endpoints.webhook_id = webhooks.webhook_id`,
  ).map((row) => ({
    webhookId: row.webhook_id,
    client: row.client,
    disabledReason: row.disabled_reason ?? undefined,
    dueAt: row.due_at ?? undefined,
    endpoint: toEndpoint(row),
  }))

/** The deliveries of one webhook that are due, the one that waited longest first. */
export const loadDueOf = (sql: Sql, webhookId: string, now: Instant, limit: number): WebhookDelivery[] =>
  sql<{ document: string }>(
    `SELECT document FROM deliveries INDEXED BY deliveries_to_try
      WHERE webhook_id = ? AND ${IS_PENDING} AND due_at <= ? ORDER BY due_at LIMIT ?`,
    ...[webhookId, now, limit],
  ).map(toDelivery)
