import { SEAL_PREFIX } from '../../messaging/seal.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored, toStored } from '../../messaging/stored-document.ts'
import { WEBHOOK, type Webhook } from '../webhook.ts'

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

/** The same, of those whose address has failed since its last success. */
export const loadFailingAfter = (sql: Sql, after: string, limit: number): Webhook[] =>
  sql<StoredDocument>(
    `SELECT document FROM webhooks JOIN endpoints ON endpoints.webhook_id = webhooks.webhook_id
      WHERE failing_since IS NOT NULL AND webhooks.webhook_id > ? ORDER BY webhooks.webhook_id LIMIT ?`,
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

/** The cleanup deletes its deliveries later, in portions. */
export const removeWebhook = (sql: Sql, webhookId: string): void => {
  sql('DELETE FROM webhooks WHERE webhook_id = ?', webhookId)
  sql('DELETE FROM endpoints WHERE webhook_id = ?', webhookId)
  sql('INSERT OR IGNORE INTO removed_webhooks (webhook_id) VALUES (?)', webhookId)
}

const toWebhook = (row: StoredDocument): Webhook => readStored(WEBHOOK, row.document)
