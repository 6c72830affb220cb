import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { WebhookDelivery } from '../webhook-delivery.ts'
import { CREATED_AT, HAS_FAILED, IS_PENDING, toDelivery } from './delivery-store.ts'

/** A dry run counts up to here: some ten megabytes of documents. */
export const RESENT_COUNT_MAX = 10_000

/**
 * Deliveries that were made from `since` until before `until`. `failed`: those that were given up. `pending`: those that
 * wait for a later attempt. One that is queued or under way does not match.
 */
export type ResendFilter = { status: 'failed' | 'pending'; since: Instant; until: Instant; now: Instant }

/** The oldest ones that match. */
export const loadToResend = (
  sql: Sql,
  webhookId: string,
  filter: ResendFilter,
  limit: number,
): WebhookDelivery[] => {
  const { from, order, bindings } = selectionOf(webhookId, filter)
  return sql<{ document: string }>(
    `SELECT document ${from} ORDER BY ${order} LIMIT ?`,
    ...[...bindings, limit],
  ).map(toDelivery)
}

/** How many match, counted up to one more than `RESENT_COUNT_MAX`. */
export const countToResend = (sql: Sql, webhookId: string, filter: ResendFilter): number => {
  const { from, bindings } = selectionOf(webhookId, filter)
  return (
    sql<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 ${from} LIMIT ${RESENT_COUNT_MAX + 1})`,
      ...bindings,
    )[0]?.count ?? 0
  )
}

/** A test says whether the address works at its time: it is not sent again with others. */
const IS_NO_TEST = "document ->> 'type' <> 'WebhookTested'"

const selectionOf = (webhookId: string, { status, since, until, now }: ResendFilter) => {
  const made = `${CREATED_AT} >= ? AND ${CREATED_AT} < ? AND ${IS_NO_TEST}`
  return status === 'failed'
    ? {
        from: `FROM deliveries INDEXED BY deliveries_failed WHERE webhook_id = ? AND ${HAS_FAILED} AND ${made}`,
        order: `${CREATED_AT}, delivery_id`,
        bindings: [webhookId, since, until],
      }
    : {
        from: `FROM deliveries INDEXED BY deliveries_to_try
          WHERE webhook_id = ? AND ${IS_PENDING} AND due_at > ? AND document ->> 'nextTryAt' > ? AND ${made}`,
        order: 'due_at',
        bindings: [webhookId, now, now, since, until],
      }
}
