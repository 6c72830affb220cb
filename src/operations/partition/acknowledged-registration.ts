import type { Caller } from '../../contracts/caller.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import type { WebhookView } from '../webhook-view.ts'
import type { Registration } from './webhook-registration.ts'
import type { WebhookRegistry } from './webhook-registry.ts'
import type { ChangeRequest, RegisterRequest } from './webhook-requests.ts'

/**
 * Every order partition has stored what is wanted within a second or two. It may take longer, because a message was lost
 * or the order service is away: then the response says that the webhook is pending.
 */
const ACKNOWLEDGED_WITHIN_MS = 5_000

type Refusal<Method extends 'register' | 'change'> = Extract<
  ReturnType<WebhookRegistry[Method]>,
  { ok: false }
>

/** The webhook partition, by the names of its RPC. They stay: two versions meet during a deployment. */
export type RegistrationPorts = {
  register(wanted: RegisterRequest): Promise<ReturnType<WebhookRegistry['register']>>
  answer(
    webhookId: string,
    request: IdempotentRequest | undefined,
  ): Promise<ReturnType<WebhookRegistry['replyToRegistration']>>
  change(wanted: ChangeRequest): Promise<ReturnType<WebhookRegistry['change']>>
  webhook(webhookId: string, caller: Caller): Promise<WebhookView | undefined>
  untilNoted(webhookId: string, withinMs: number): Promise<void>
}

/**
 * Registers a webhook. 201: every order that is placed from now on is announced to it. 202: some order partitions may
 * not announce to it yet.
 */
export const registerAndWait = async (
  ports: RegistrationPorts,
  wanted: RegisterRequest,
): Promise<Refusal<'register'> | { ok: true; value: Pick<Registration, 'status' | 'view' | 'isReplay'> }> => {
  const registered = await ports.register(wanted)
  if (!registered.ok || registered.value.isAnswered) return registered
  const { webhookId, isReplay, ...first } = registered.value
  await waitUntilAcknowledged(ports, webhookId)
  const { status, view } = (await ports.answer(webhookId, wanted.request)) ?? first
  const secret = isReplay ? {} : { secret: wanted.secret }
  return { ok: true, value: { status, view: { ...view, ...secret }, isReplay } }
}

/** Changes a webhook. The statuses mean the same; 200 takes the place of 201. */
export const changeAndWait = async (
  ports: RegistrationPorts,
  wanted: ChangeRequest,
): Promise<Refusal<'change'> | { ok: true; value: { status: 200 | 202; view: WebhookView } }> => {
  const changed = await ports.change(wanted)
  if (!changed.ok) return changed
  const view =
    changed.value.status === 'pending' ? await viewAfterWait(ports, wanted, changed.value) : changed.value
  return { ok: true, value: { status: view.status === 'pending' ? 202 : 200, view } }
}

const viewAfterWait = async (
  ports: RegistrationPorts,
  { webhookId, caller }: ChangeRequest,
  first: WebhookView,
): Promise<WebhookView> => {
  await waitUntilAcknowledged(ports, webhookId)
  return (await ports.webhook(webhookId, caller)) ?? first
}

/** A partition that is reset meanwhile forgets this wait and throws. Its next reply is true all the same. */
const waitUntilAcknowledged = async (ports: RegistrationPorts, webhookId: string): Promise<void> => {
  await ports.untilNoted(webhookId, ACKNOWLEDGED_WITHIN_MS).catch(() => {})
}
