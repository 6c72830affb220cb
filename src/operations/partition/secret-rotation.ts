import { type Result, refusal, success } from '../../kernel/result.ts'
import { missingScope, rotated } from '../webhook.ts'
import { viewWebhook, WEBHOOK_VIEW, type WebhookWithSecret } from '../webhook-view.ts'
import { type KeyedPorts, type ViewReply, viewOnce } from './idempotent-view.ts'
import { type ChangePorts, storeWanted } from './webhook-changes.ts'
import { findWebhook } from './webhook-lookup.ts'
import type { MissingScope, RotateRequest, Sealed } from './webhook-requests.ts'

type RotationPorts = KeyedPorts & ChangePorts

type Rotated =
  | ViewReply<WebhookWithSecret, 'webhook_not_found' | 'misconfigured'>
  | Extract<Result<never, MissingScope>, { ok: false }>

/** Gives the webhook a new secret. The older ones stay valid for a while. */
export const rotateSecret = (ports: RotationPorts, wanted: Sealed<RotateRequest>): Rotated => {
  const missing = scopeForSecret(ports, wanted)
  if (missing !== undefined) return refusal(missing)
  return viewOnce({ ...ports, type: WEBHOOK_VIEW }, wanted.request, () => {
    const { sql, now } = ports.host
    const { webhookId, caller, secret, sealedSecret, overlapMs } = wanted
    const known = findWebhook(sql, webhookId, caller)
    if (known === undefined) return refusal({ code: 'webhook_not_found' as const })
    if (sealedSecret === undefined) return refusal({ code: 'misconfigured' as const })
    const webhook = storeWanted(ports, rotated(known, sealedSecret, overlapMs, now()))
    return success({ ...viewWebhook(webhook, now()), secret })
  })
}

/** The secret signs requests that the receiver believes. So its bearer needs the scopes of the events it signs. */
const scopeForSecret = (
  { host }: RotationPorts,
  { webhookId, caller }: RotateRequest,
): MissingScope | undefined => {
  const known = findWebhook(host.sql, webhookId, caller)
  const scope = known && missingScope(caller, known.types)
  return scope === undefined ? undefined : { code: 'forbidden', scope }
}
