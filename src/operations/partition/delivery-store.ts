import type { Sql } from '../../messaging/sql.ts'
import { readStored, toStored } from '../../messaging/stored-document.ts'
import { WEBHOOK_DELIVERY, type WebhookDelivery } from '../webhook-delivery.ts'

/** The condition of the index `deliveries_to_try`, word for word: SQLite compares a partial index by its text. */
export const IS_PENDING = "document ->> 'status' = 'pending'"
/** The condition of the index `deliveries_to_forget`. */
export const IS_FINISHED = "document ->> 'status' <> 'pending'"
/** The condition of the index `deliveries_failed`, and the time in it. */
export const HAS_FAILED = "document ->> 'status' = 'failed'"
export const CREATED_AT = "document ->> 'createdAt'"

/** Each event goes to a webhook once. False where the webhook has the event already. */
export const insertDelivery = (sql: Sql, delivery: WebhookDelivery): boolean =>
  sql(
    `INSERT INTO deliveries (webhook_id, delivery_id, event_id, due_at, document) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (webhook_id, event_id) DO NOTHING RETURNING delivery_id`,
    delivery.webhookId,
    delivery.deliveryId,
    delivery.eventId,
    delivery.dueAt,
    toStored(WEBHOOK_DELIVERY, delivery),
  ).length > 0

export const updateDelivery = (sql: Sql, delivery: WebhookDelivery): void => {
  sql(
    'UPDATE deliveries SET due_at = ?, document = ? WHERE webhook_id = ? AND delivery_id = ?',
    delivery.dueAt,
    toStored(WEBHOOK_DELIVERY, delivery),
    delivery.webhookId,
    delivery.deliveryId,
  )
}

export const loadDelivery = (sql: Sql, webhookId: string, deliveryId: string): WebhookDelivery | undefined =>
  sql<{ document: string }>(
    'SELECT document FROM deliveries WHERE webhook_id = ? AND delivery_id = ?',
    webhookId,
    deliveryId,
  ).map(toDelivery)[0]

/** Ids have letters, digits and `_`. */
const AFTER_ALL_IDS = '~'

/** Newest first, from the first one older than `before`. */
export const loadDeliveriesBefore = (
  sql: Sql,
  webhookId: string,
  { before, limit }: { before: string | undefined; limit: number },
): WebhookDelivery[] =>
  sql<{ document: string }>(
    `SELECT document FROM deliveries WHERE webhook_id = ? AND delivery_id < ?
      ORDER BY delivery_id DESC LIMIT ?`,
    webhookId,
    before ?? AFTER_ALL_IDS,
    limit,
  ).map(toDelivery)

/**
 * The deliveries of an order's events, newest first: one search of the index `deliveries_by_event` for each webhook, of
 * one client or of all. The ids of these events begin with the order's id and `/`; `0` comes after `/`.
 */
export const loadDeliveriesOfOrder = (
  sql: Sql,
  orderId: string,
  client: string | undefined,
): WebhookDelivery[] =>
  sql<{ document: string }>(
    `SELECT deliveries.document FROM webhooks CROSS JOIN deliveries
      ON deliveries.webhook_id = webhooks.webhook_id AND deliveries.event_id > ? AND deliveries.event_id < ?
      ${client === undefined ? '' : "WHERE webhooks.document ->> 'client' = ?"}
      ORDER BY deliveries.delivery_id DESC`,
    ...[`${orderId}/`, `${orderId}0`, ...(client === undefined ? [] : [client])],
  ).map(toDelivery)

export const toDelivery = (row: { document: string }): WebhookDelivery =>
  readStored(WEBHOOK_DELIVERY, row.document)
