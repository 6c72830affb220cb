import type { WebhooksOfKeys, WebhooksOfKeysRequest } from '../../contracts/webhooks-of-keys.ts'
import { isOfKey, type Webhook } from '../webhook.ts'
import { type ChangePorts, disableWebhook } from './webhook-changes.ts'
import { loadWebhooks } from './webhook-store.ts'

/**
 * The webhooks of keys that are being revoked, disabled or only named. The client's webhooks whose key is unknown are
 * named too: an operator has to look at them.
 */
export const webhooksOfKeys = (
  ports: ChangePorts,
  { keyIds, client, disable }: WebhooksOfKeysRequest,
): WebhooksOfKeys =>
  ports.host.turn(() => {
    const keys = new Set(keyIds)
    const webhooks = loadWebhooks(ports.host.sql)
    const ofKeys = webhooks.filter((webhook) => isOfKey(webhook, keys))
    const running = ofKeys.filter(isRunning)
    if (disable) for (const webhook of running) disableWebhook(ports, webhook, 'key_revoked')
    // A repeated request names the webhooks that the first one disabled.
    const disabled = ofKeys.filter(({ disabledReason }) => disabledReason === 'key_revoked')
    const unknown = webhooks.filter(
      (webhook) => webhook.client === client && isRunning(webhook) && isOfUnknownKey(webhook),
    )
    return disable
      ? { disabled: [...running, ...disabled].map(nameOf), running: unknown.map(nameOf) }
      : { disabled: [], running: [...running, ...unknown].map(nameOf) }
  })

const isRunning = ({ disabledReason }: Webhook): boolean => disabledReason === undefined

const isOfUnknownKey = ({ createdBy, addressSetBy }: Webhook): boolean =>
  createdBy === undefined && addressSetBy === undefined

const nameOf = ({ webhookId, client, createdBy }: Webhook) => ({
  id: webhookId,
  client,
  createdBy: createdBy ?? null,
})
