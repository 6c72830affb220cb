import type { Caller } from '../../contracts/caller.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import type { WebhookView } from '../webhook-view.ts'
import type { ChangeRequest, RegisterRequest, Registration, WebhookRegistry } from './webhook-registry.ts'

/**
 * Until every order partition has stored what is wanted, which takes a second or two. Where it takes longer, because a
 * message was lost or the order service is away, the webhook is answered as pending.
 */
const NOTED_WITHIN_MS = 5_000

type Refusal<Method extends 'register' | 'change'> = Extract<
  ReturnType<WebhookRegistry[Method]>,
  { ok: false }
>

/** The webhook partition, as the Worker in front of it calls it. */
export type RegistrationPorts = {
  register(wanted: RegisterRequest): Promise<ReturnType<WebhookRegistry['register']>>
  answer(
    webhookId: string,
    request: IdempotentRequest | undefined,
  ): Promise<ReturnType<WebhookRegistry['answer']>>
  change(wanted: ChangeRequest): Promise<ReturnType<WebhookRegistry['change']>>
  webhook(webhookId: string, caller: Caller): Promise<WebhookView | undefined>
  untilNoted(webhookId: string, withinMs: number): Promise<void>
}

/** Registers a webhook. 201 means that every order placed from now on is announced to it; 202, that this is not so yet. */
export const registerAndWait = async (
  ports: RegistrationPorts,
  wanted: RegisterRequest,
): Promise<Refusal<'register'> | { ok: true; value: Pick<Registration, 'status' | 'view' | 'isReplay'> }> => {
  const registered = await ports.register(wanted)
  if (!registered.ok || registered.value.isAnswered) return registered
  const { webhookId, isReplay, ...first } = registered.value
  await untilNoted(ports, webhookId)
  const { status, view } = (await ports.answer(webhookId, wanted.request)) ?? first
  const secret = isReplay ? {} : { secret: wanted.secret }
  return { ok: true, value: { status, view: { ...view, ...secret }, isReplay } }
}

/** Changes a webhook. The promise is the same; 200 takes the place of 201. */
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
  await untilNoted(ports, webhookId)
  return (await ports.webhook(webhookId, caller)) ?? first
}

/** A partition that is reset meanwhile forgets who waits: what it says next is true all the same. */
const untilNoted = async (ports: RegistrationPorts, webhookId: string): Promise<void> => {
  await ports.untilNoted(webhookId, NOTED_WITHIN_MS).catch(() => {})
}
