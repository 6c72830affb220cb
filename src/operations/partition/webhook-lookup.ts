import type { Caller } from '../../contracts/caller.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import { mayManage, type Webhook } from '../webhook.ts'
import { viewWebhook, type WebhookView } from '../webhook-view.ts'
import { loadWebhook, loadWebhooksAfter, loadWebhooksOf } from './webhook-store.ts'

/** The webhook, where the caller may manage it. */
export const findWebhook = (sql: Sql, webhookId: string, caller: Caller): Webhook | undefined => {
  const webhook = loadWebhook(sql, webhookId)
  return webhook && mayManage(caller, webhook) ? webhook : undefined
}

export const viewOfWebhook = (
  { sql, now }: PartitionHost,
  webhookId: string,
  caller: Caller,
): WebhookView | undefined => {
  const webhook = findWebhook(sql, webhookId, caller)
  return webhook && viewWebhook(webhook, now())
}

/** The webhooks that the caller may manage, by id, from the first one after `after`. */
export const listWebhooks = (
  { sql, now }: PartitionHost,
  caller: Caller,
  { after, limit }: { after: string; limit: number },
): WebhookView[] => {
  const isOperator = caller.scopes.includes('operations')
  return (isOperator ? loadWebhooksAfter(sql, after, limit) : loadWebhooksOf(sql, caller.client))
    .filter((each) => each.webhookId > after && mayManage(caller, each))
    .slice(0, limit)
    .map((webhook) => viewWebhook(webhook, now()))
}
