import { z } from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import { KEYS_TABLE, OLD_KEYS_TABLE } from '../../messaging/idempotency.ts'
import { SEAL_PREFIX } from '../../messaging/seal.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'
import { WEBHOOK, type Webhook } from '../webhook.ts'
import { WEBHOOK_DELIVERY, type WebhookDelivery } from '../webhook-delivery.ts'
import { ANSWER_PARTS_TABLE } from './stored-response.ts'

/** The tables of the webhook partition. What is deployed never changes; append. */
export const WEBHOOK_TABLES = [
  `CREATE TABLE webhooks (
    webhook_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE deliveries (
    webhook_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (webhook_id, delivery_id)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX deliveries_by_event ON deliveries (webhook_id, event_id);
  CREATE INDEX deliveries_due ON deliveries (due_at);
  CREATE TABLE subscription (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL,
    types TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    sends INTEGER NOT NULL,
    due_at INTEGER
  );
  ${OLD_KEYS_TABLE}`,
  `CREATE INDEX webhooks_by_client ON webhooks (document ->> 'client', webhook_id)`,
  /** What is due is looked for webhook by webhook. When an address last took something follows from its deliveries. */
  `CREATE TABLE endpoints (
    webhook_id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    failing_since INTEGER,
    rests_until INTEGER NOT NULL,
    recovered_at INTEGER
  ) WITHOUT ROWID;
  INSERT INTO endpoints (webhook_id, failures, rests_until, recovered_at)
    SELECT webhook_id, 0, 0, max(document ->> 'lastTriedAt') FROM deliveries
      WHERE document ->> 'status' = 'delivered' GROUP BY webhook_id;
  CREATE TABLE removed_webhooks (webhook_id TEXT PRIMARY KEY) WITHOUT ROWID;
  DROP INDEX deliveries_due;
  CREATE INDEX deliveries_to_try ON deliveries (webhook_id, due_at) WHERE document ->> 'status' = 'pending';
  CREATE INDEX deliveries_to_forget ON deliveries (due_at) WHERE document ->> 'status' <> 'pending'`,
  `${KEYS_TABLE};
  ${ANSWER_PARTS_TABLE}`,
] as const

type StoredDocument = { document: string }

export const loadWebhooks = (sql: Sql): Webhook[] =>
  sql<StoredDocument>('SELECT document FROM webhooks ORDER BY webhook_id').map(toWebhook)

/** A client has few. */
export const loadWebhooksOf = (sql: Sql, client: string): Webhook[] =>
  sql<StoredDocument>(
    "SELECT document FROM webhooks WHERE document ->> 'client' = ? ORDER BY webhook_id",
    client,
  ).map(toWebhook)

/** In the order of their ids, from the first one after `after`. */
export const loadWebhooksAfter = (sql: Sql, after: string, limit: number): Webhook[] =>
  sql<StoredDocument>(
    'SELECT document FROM webhooks WHERE webhook_id > ? ORDER BY webhook_id LIMIT ?',
    after,
    limit,
  ).map(toWebhook)

export const loadWebhook = (sql: Sql, webhookId: string): Webhook | undefined =>
  sql<StoredDocument>('SELECT document FROM webhooks WHERE webhook_id = ?', webhookId).map(toWebhook)[0]

/** Whether older code has stored a secret in plain text. */
export const hasPlainSecret = (sql: Sql): boolean =>
  sql(
    `SELECT 1 FROM webhooks, json_each(document, '$.secrets') AS each
      WHERE each.value ->> 'secret' NOT LIKE '${SEAL_PREFIX}%' LIMIT 1`,
  ).length > 0

export const storeWebhook = (sql: Sql, webhook: Webhook): void => {
  sql(
    'INSERT OR REPLACE INTO webhooks (webhook_id, document) VALUES (?, ?)',
    webhook.webhookId,
    toStored(WEBHOOK, webhook),
  )
}

/** What was ever delivered there is deleted in portions. */
export const removeWebhook = (sql: Sql, webhookId: string): void => {
  sql('DELETE FROM webhooks WHERE webhook_id = ?', webhookId)
  sql('DELETE FROM endpoints WHERE webhook_id = ?', webhookId)
  sql('INSERT OR IGNORE INTO removed_webhooks (webhook_id) VALUES (?)', webhookId)
}

const toWebhook = (row: StoredDocument): Webhook => readStored(WEBHOOK, row.document)

/** Each event goes to a webhook once: says whether it is new there. */
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
  sql<StoredDocument>(
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
  sql<StoredDocument>(
    `SELECT document FROM deliveries WHERE webhook_id = ? AND delivery_id < ?
      ORDER BY delivery_id DESC LIMIT ?`,
    webhookId,
    before ?? AFTER_ALL_IDS,
    limit,
  ).map(toDelivery)

export const toDelivery = (row: StoredDocument): WebhookDelivery => readStored(WEBHOOK_DELIVERY, row.document)

export const SUBSCRIBED_TYPES = storedType('list of subscribed types', z.array(z.string()).readonly())

/** What the order service is to announce, and whether it is owed to be told so. */
export type Subscription = {
  revision: number
  types: readonly string[]
  changedAt: Instant
  sends: number
  dueAt: Instant | null
}

const UNSUBSCRIBED: Subscription = { revision: 0, types: [], changedAt: 0, sends: 0, dueAt: null }

export const loadSubscription = (sql: Sql): Subscription => {
  const [row] = sql<{
    revision: number
    types: string
    changed_at: number
    sends: number
    due_at: number | null
  }>('SELECT revision, types, changed_at, sends, due_at FROM subscription')
  if (row === undefined) return UNSUBSCRIBED
  const { revision, types, changed_at: changedAt, sends, due_at: dueAt } = row
  return { revision, types: readStored(SUBSCRIBED_TYPES, types), changedAt, sends, dueAt }
}

export const storeSubscription = (sql: Sql, subscription: Subscription): void => {
  const { revision, types, changedAt, sends, dueAt } = subscription
  sql(
    `INSERT OR REPLACE INTO subscription (one, revision, types, changed_at, sends, due_at)
      VALUES (1, ?, ?, ?, ?, ?)`,
    ...[revision, toStored(SUBSCRIBED_TYPES, types), changedAt, sends, dueAt],
  )
}
