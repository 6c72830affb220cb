import type { WebhooksOfKeys, WebhooksOfKeysRequest } from '../../contracts/webhooks-of-keys.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { isOfKey, type Webhook } from '../webhook.ts'
import type { WebhookRegistry } from './webhook-registry.ts'
import { loadWebhooks } from './webhook-store.ts'

/**
 * The webhooks of keys that are being revoked, disabled or only named. Named are also those of the client whose maker
 * is not known: an operator has to look at them. In one turn.
 */
export const webhooksOfKeys = (
  host: PartitionHost,
  registry: WebhookRegistry,
  { keyIds, client, disable }: WebhooksOfKeysRequest,
): WebhooksOfKeys =>
  host.turn(() => {
    const makers = new Set(keyIds)
    const webhooks = loadWebhooks(host.sql)
    const made = webhooks.filter((webhook) => isOfKey(webhook, makers))
    const running = made.filter(isRunning)
    if (disable) for (const webhook of running) registry.disable(webhook, 'key_revoked')
    // Asked once more, it names what was disabled with the keys before.
    const disabled = made.filter(({ disabledReason }) => disabledReason === 'key_revoked')
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
