import type { Sql } from '../../messaging/sql.ts'
import type { WebhookHealth } from '../webhook-health.ts'
import { HAS_FAILED, IS_PENDING } from './delivery-store.ts'
import { loadEndpoint } from './endpoint-store.ts'

/** Deliveries are counted up to here, so that a page of a hundred webhooks reads a bounded number of index entries. */
const COUNTED_MAX = 1_000

/** The address of a webhook, and what waits for it. Each part is a search of an index. */
export const loadHealth = (sql: Sql, webhookId: string): WebhookHealth => ({
  endpoint: loadEndpoint(sql, webhookId),
  nextDueAt: sql<{ due_at: number }>(
    `SELECT due_at FROM deliveries INDEXED BY deliveries_to_try
      WHERE webhook_id = ? AND ${IS_PENDING} ORDER BY due_at LIMIT 1`,
    webhookId,
  )[0]?.due_at,
  pending: countOf(sql, webhookId, `INDEXED BY deliveries_to_try WHERE ${IS_PENDING}`),
  failed: countOf(sql, webhookId, `INDEXED BY deliveries_failed WHERE ${HAS_FAILED}`),
})

const countOf = (sql: Sql, webhookId: string, indexed: string): number =>
  sql<{ count: number }>(
    `SELECT count(*) AS count FROM (
      SELECT 1 FROM deliveries ${indexed} AND webhook_id = ? LIMIT ${COUNTED_MAX})`,
    webhookId,
  )[0]?.count ?? 0
