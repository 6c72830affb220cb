import { type Result, refusal, success } from '../../kernel/result.ts'
import type { TooMany } from '../../messaging/hourly-allowance.ts'
import {
  type IdempotentRequest,
  RESPONSE_PENDING,
  type StoredResponse,
  storePendingResponse,
} from '../../messaging/idempotency.ts'
import { type Done, workOnceWithin } from '../../messaging/idempotent-work.ts'
import type { Webhook } from '../webhook.ts'
import { viewWebhook, WEBHOOK_VIEW, type WebhookView, type WebhookWithSecret } from '../webhook-view.ts'
import type { KeyedPorts } from './idempotent-view.ts'
import { fromStoredView, toStoredView } from './stored-response.ts'
import { type ChangePorts, storeWanted } from './webhook-changes.ts'
import type { RegisterRequest, Sealed } from './webhook-requests.ts'
import { loadWebhook, loadWebhooksOf } from './webhook-store.ts'

/** Every event is compared with all of them, one after the other. */
const WEBHOOKS_A_CLIENT_MAX = 20

type RegistrationPorts = KeyedPorts & ChangePorts

/** The reply to a registration: 202 while the order service has not stored what the webhook wants. */
export type Registration = {
  webhookId: string
  status: 201 | 202
  view: WebhookWithSecret
  isReplay: boolean
  /** Where false, `replyToRegistration` gives the final reply after a wait. */
  isAnswered: boolean
}

type Registered = Omit<Registration, 'isReplay'>

type RegistrationRefusal =
  | { code: 'webhook_limit_exceeded' | 'idempotency_key_reused' | 'misconfigured' }
  | TooMany

/** As it is stored: sealed. */
type StoredSecret = Webhook['secrets'][number]

/** In a turn. */
export const registerWebhook = (
  ports: RegistrationPorts,
  wanted: Sealed<RegisterRequest>,
): Result<Registration, RegistrationRefusal> =>
  workOnceWithin<Registered, StoredSecret, RegistrationRefusal>(ports, {
    request: wanted.request,
    replay: (stored) => registeredBefore(ports, stored),
    admit: () => mayRegister(ports, wanted),
    work: (secret) => success(storeNew(ports, wanted, secret)),
  })

const mayRegister = (
  { host }: RegistrationPorts,
  { sealedSecret, caller }: Sealed<RegisterRequest>,
): Result<StoredSecret, RegistrationRefusal> => {
  if (sealedSecret === undefined) return refusal({ code: 'misconfigured' })
  const own = loadWebhooksOf(host.sql, caller.client)
  if (own.length >= WEBHOOKS_A_CLIENT_MAX) return refusal({ code: 'webhook_limit_exceeded' })
  return success({ secret: sealedSecret })
}

const storeNew = (
  ports: RegistrationPorts,
  wanted: RegisterRequest,
  stored: StoredSecret,
): Done<Registered> => {
  const { sql } = ports.host
  const now = ports.host.now()
  const { webhookId, secret, caller, url, types } = wanted
  const hearsAll = caller.scopes.includes('operations')
  const key = caller.keyId === undefined ? {} : { createdBy: caller.keyId }
  const about = { webhookId, client: caller.client, ...key, hearsAll, url, types }
  const webhook = storeWanted(ports, { ...about, secrets: [stored], createdAt: now, changedAt: now })
  const view = viewWebhook(webhook, now)
  const isAnswered = view.status !== 'pending'
  const status = isAnswered ? 201 : RESPONSE_PENDING
  return {
    reply: { webhookId, status: statusOf(view), view: { ...view, secret }, isAnswered },
    toStore: () => ({
      status,
      body: toStoredView(sql, { type: WEBHOOK_VIEW, view }, now),
      subject: webhookId,
    }),
  }
}

/** Older code stored 200 where it meant 201. */
const registeredBefore = (
  { host }: RegistrationPorts,
  { status, body, subject }: StoredResponse,
): Registered => ({
  webhookId: subject,
  status: status === 202 || status === RESPONSE_PENDING ? 202 : 201,
  view: fromStoredView(host.sql, WEBHOOK_VIEW, body),
  isAnswered: status !== RESPONSE_PENDING,
})

/** In a turn: the final reply to a registration, after a wait. Undefined where the webhook was removed meanwhile. */
export const replyToRegistration = (
  { host }: RegistrationPorts,
  webhookId: string,
  request: IdempotentRequest | undefined,
): Pick<Registration, 'status' | 'view'> | undefined => {
  const { sql } = host
  const webhook = loadWebhook(sql, webhookId)
  if (webhook === undefined) return undefined
  const now = host.now()
  const view = viewWebhook(webhook, now)
  const status = statusOf(view)
  if (request === undefined) return { status, view }
  const body = toStoredView(sql, { type: WEBHOOK_VIEW, view }, now)
  const stored = storePendingResponse(sql, request, { status, body }, now)
  return { status: stored.status === 202 ? 202 : 201, view: fromStoredView(sql, WEBHOOK_VIEW, stored.body) }
}

const statusOf = (view: WebhookView): 201 | 202 => (view.status === 'pending' ? 202 : 201)
