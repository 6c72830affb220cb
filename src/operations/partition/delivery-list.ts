import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { WebhookDelivery } from '../webhook-delivery.ts'
import { CREATED_AT, HAS_FAILED, IS_PENDING, loadDeliveriesBefore, toDelivery } from './delivery-store.ts'

/** Pending deliveries that a list shows: those that are due first. More are a backlog, and not to be paged through. */
const PENDING_SHOWN_MAX = 1_000

/**
 * Rows that one page may read where no index covers its filter. A page that finds too few deliveries in them is shorter
 * than its limit, and the next one continues after the last row that was read.
 */
const WALKED_ROWS_MAX = 1_000

/** Where a list continues: after the delivery with this id, which was made at `createdAt`. */
export type DeliveryPosition = { id: string; createdAt: Instant }

export type DeliveryPage = {
  status?: WebhookDelivery['status'] | undefined
  after?: DeliveryPosition | undefined
  limit: number
}

/** `goesOnAfter`: the list was read to here, and continues. */
export type FoundDeliveries = { deliveries: WebhookDelivery[]; goesOnAfter?: DeliveryPosition }

/** Later than any delivery. Ids have letters, digits and `_`. */
const AFTER_ALL: DeliveryPosition = { id: '~', createdAt: Number.MAX_SAFE_INTEGER }

/** The deliveries of one webhook, newest first. */
export const findDeliveries = (
  sql: Sql,
  webhookId: string,
  { status, after, limit }: DeliveryPage,
): FoundDeliveries => {
  const from = after ?? AFTER_ALL
  if (status === 'failed') return { deliveries: findFailed(sql, webhookId, from, limit) }
  if (status === 'pending') return { deliveries: findPending(sql, webhookId, from, limit) }
  if (status === 'delivered') return findDelivered(sql, webhookId, from, limit)
  return { deliveries: loadDeliveriesBefore(sql, webhookId, { before: from.id, limit }) }
}

/** SQLite searches the index by the time alone. The pair then leaves out what the page before showed of that time. */
const findFailed = (sql: Sql, webhookId: string, { id, createdAt }: DeliveryPosition, limit: number) =>
  sql<{ document: string }>(
    `SELECT document FROM deliveries INDEXED BY deliveries_failed
      WHERE webhook_id = ?1 AND ${HAS_FAILED} AND ${CREATED_AT} <= ?2 AND (${CREATED_AT}, delivery_id) < (?2, ?3)
      ORDER BY ${CREATED_AT} DESC, delivery_id DESC LIMIT ?4`,
    ...[webhookId, createdAt, id, limit],
  ).map(toDelivery)

const findPending = (sql: Sql, webhookId: string, { id }: DeliveryPosition, limit: number) =>
  sql<{ document: string }>(
    `SELECT document FROM deliveries WHERE webhook_id = ?1 AND delivery_id < ?2 AND delivery_id IN (
        SELECT delivery_id FROM deliveries INDEXED BY deliveries_to_try
          WHERE webhook_id = ?1 AND ${IS_PENDING} ORDER BY due_at LIMIT ${PENDING_SHOWN_MAX})
      ORDER BY delivery_id DESC LIMIT ?3`,
    ...[webhookId, id, limit],
  ).map(toDelivery)

type WalkedRow = { delivery_id: string; created_at: Instant; document: string | null }

/** Rows with another status come without their document. */
const findDelivered = (
  sql: Sql,
  webhookId: string,
  { id }: DeliveryPosition,
  limit: number,
): FoundDeliveries => {
  const walked = sql<WalkedRow>(
    `SELECT delivery_id, ${CREATED_AT} AS created_at,
        iif(document ->> 'status' = 'delivered', document, NULL) AS document
      FROM deliveries WHERE webhook_id = ? AND delivery_id < ?
      ORDER BY delivery_id DESC LIMIT ${WALKED_ROWS_MAX}`,
    ...[webhookId, id],
  )
  const deliveries = walked.flatMap(({ document }) => (document === null ? [] : [toDelivery({ document })]))
  const last = walked.length === WALKED_ROWS_MAX ? walked.at(-1) : undefined
  return {
    deliveries: deliveries.slice(0, limit),
    ...(last !== undefined && { goesOnAfter: { id: last.delivery_id, createdAt: last.created_at } }),
  }
}
