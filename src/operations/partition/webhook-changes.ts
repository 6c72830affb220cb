import type { Caller } from '../../contracts/caller.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import {
  adoptedBy,
  announcedFor,
  type DisabledReason,
  missingScope,
  type Webhook,
  withAddress,
} from '../webhook.ts'
import { viewWebhook, type WebhookView } from '../webhook-view.ts'
import { giveUp } from './delivery-cleanup.ts'
import { forgetEndpoint } from './endpoint-store.ts'
import { findWebhook } from './webhook-lookup.ts'
import type { ChangeRequest, MissingScope } from './webhook-requests.ts'
import { loadWebhook, loadWebhooks, removeWebhook, storeWebhook } from './webhook-store.ts'
import type { WebhookSubscription } from './webhook-subscription.ts'

export type ChangePorts = { host: PartitionHost; subscription: WebhookSubscription }

/** In a turn. */
export const changeWebhook = (
  ports: ChangePorts,
  wanted: ChangeRequest,
): Result<WebhookView, { code: 'webhook_not_found' } | MissingScope> => {
  const { sql, now } = ports.host
  const { webhookId, caller, status } = wanted
  const known = findWebhook(sql, webhookId, caller)
  if (known === undefined) return refusal({ code: 'webhook_not_found' })
  const scope = scopeForChange(known, wanted)
  if (scope !== undefined) return refusal({ code: 'forbidden', scope })
  const { disabledReason, ...rest } = known
  const { url = known.url, types = known.types } = wanted
  const moved = { ...withAddress(url, rest, caller), types, changedAt: now() }
  const changed = disabledReason === 'key_revoked' && status === 'enabled' ? adoptedBy(moved, caller) : moved
  if (status === 'disabled') return success(viewWebhook(disableWebhook(ports, changed, 'by_client'), now()))
  const isDisabled = disabledReason !== undefined && status !== 'enabled'
  if (url !== known.url || (disabledReason !== undefined && !isDisabled)) forgetEndpoint(sql, webhookId)
  const stored = storeWanted(ports, isDisabled ? { ...changed, disabledReason } : changed)
  return success(viewWebhook(stored, now()))
}

/** The scope that the caller lacks to direct these events to this address. */
const scopeForChange = (known: Webhook, { url, types, status, caller }: ChangeRequest) => {
  const isEnabledAgain = known.disabledReason !== undefined && status === 'enabled'
  const isRedirected = (url ?? known.url) !== known.url || (types ?? known.types) !== known.types
  return isRedirected || isEnabledAgain ? missingScope(caller, types ?? known.types) : undefined
}

/** In a turn. False where the caller knows no such webhook. */
export const deleteWebhook = (
  { host, subscription }: ChangePorts,
  webhookId: string,
  caller: Caller,
): boolean => {
  if (findWebhook(host.sql, webhookId, caller) === undefined) return false
  removeWebhook(host.sql, webhookId)
  host.wakeBy(host.now())
  subscription.update(loadWebhooks(host.sql))
  return true
}

/** Gives up its pending deliveries. They can be sent again once the webhook is enabled again. */
export const disableWebhook = (
  ports: ChangePorts,
  webhook: Webhook,
  disabledReason: DisabledReason,
): Webhook => {
  giveUp(ports.host, { ...webhook, disabledReason })
  const { pendingRevision: _over, ...rest } = webhook
  return storeWanted(ports, { ...rest, disabledReason, changedAt: ports.host.now() })
}

/**
 * Stores a webhook, and has the order service announce what all webhooks want. It is pending where it wants more facts
 * about orders than before, until every order partition has stored that.
 */
export const storeWanted = ({ host, subscription }: ChangePorts, webhook: Webhook): Webhook => {
  const { sql } = host
  const before = loadWebhook(sql, webhook.webhookId)
  const others = loadWebhooks(sql).filter((each) => each.webhookId !== webhook.webhookId)
  const revision = subscription.update([...others, webhook])
  const isMore = wantsMore(webhook, before)
  const stored = isMore && revision !== undefined ? { ...webhook, pendingRevision: revision } : webhook
  storeWebhook(sql, stored)
  return stored
}

const wantsMore = (webhook: Webhook, before: Webhook | undefined): boolean => {
  const announced = announcedFor(before === undefined ? [] : [before])
  return announcedFor([webhook]).some((type) => !announced.includes(type))
}
