import type { Caller } from '../../contracts/caller.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import { mayManage, type Webhook } from '../webhook.ts'
import { viewWebhookWithHealth, type WebhookWithHealth } from '../webhook-view.ts'
import { loadHealth } from './health-store.ts'
import { loadFailingAfter, loadWebhook, loadWebhooksAfter, loadWebhooksOf } from './webhook-store.ts'

/** The webhook, where the caller may manage it. */
export const findWebhook = (sql: Sql, webhookId: string, caller: Caller): Webhook | undefined => {
  const webhook = loadWebhook(sql, webhookId)
  return webhook && mayManage(caller, webhook) ? webhook : undefined
}

export const viewOfWebhook = (
  { sql, now }: PartitionHost,
  webhookId: string,
  caller: Caller,
): WebhookWithHealth | undefined => {
  const webhook = findWebhook(sql, webhookId, caller)
  return webhook && viewWebhookWithHealth(webhook, loadHealth(sql, webhookId), now())
}

/** `isFailing`: only those whose address has failed since its last success. */
export type WebhookPage = { after: string; limit: number; isFailing?: boolean | undefined }

/** The webhooks that the caller may manage, by id, from the first one after `after`. */
export const listWebhooks = (
  { sql, now }: PartitionHost,
  caller: Caller,
  { after, limit, isFailing = false }: WebhookPage,
): WebhookWithHealth[] => {
  const isOperator = caller.scopes.includes('operations')
  const loadAfter = isFailing ? loadFailingAfter : loadWebhooksAfter
  return (isOperator ? loadAfter(sql, after, limit) : loadWebhooksOf(sql, caller.client))
    .filter((each) => each.webhookId > after && mayManage(caller, each))
    .map((webhook) => ({ webhook, health: loadHealth(sql, webhook.webhookId) }))
    .filter(({ health }) => !isFailing || health.endpoint.failingSince !== null)
    .slice(0, limit)
    .map(({ webhook, health }) => viewWebhookWithHealth(webhook, health, now()))
}
