import type { Caller } from '../../contracts/caller.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import type { DisabledReason, Webhook } from '../webhook.ts'
import type { KeyedPorts } from './idempotent-view.ts'
import { rotateSecret } from './secret-rotation.ts'
import { type ChangePorts, changeWebhook, deleteWebhook, disableWebhook } from './webhook-changes.ts'
import { listWebhooks, viewOfWebhook, type WebhookPage } from './webhook-lookup.ts'
import { registerWebhook, replyToRegistration } from './webhook-registration.ts'
import type { ChangeRequest, RegisterRequest, RotateRequest, Sealed } from './webhook-requests.ts'

/** The webhooks, for the callers that may manage them. Each method that changes something is one turn. */
export const createWebhookRegistry = (ports: KeyedPorts & ChangePorts) => {
  const { host } = ports
  return {
    register: (wanted: Sealed<RegisterRequest>) => host.turn(() => registerWebhook(ports, wanted)),
    replyToRegistration: (webhookId: string, request: IdempotentRequest | undefined) =>
      host.turn(() => replyToRegistration(ports, webhookId, request)),
    change: (wanted: ChangeRequest) => host.turn(() => changeWebhook(ports, wanted)),
    rotate: (wanted: Sealed<RotateRequest>) => rotateSecret(ports, wanted),
    remove: (webhookId: string, caller: Caller) => host.turn(() => deleteWebhook(ports, webhookId, caller)),
    get: (webhookId: string, caller: Caller) => viewOfWebhook(host, webhookId, caller),
    list: (caller: Caller, page: WebhookPage) => listWebhooks(host, caller, page),
    /** Within a turn. */
    disable: (webhook: Webhook, reason: DisabledReason) => disableWebhook(ports, webhook, reason),
  }
}

export type WebhookRegistry = ReturnType<typeof createWebhookRegistry>
