import type { Caller, Scope } from '../../contracts/caller.ts'
import type { WebhookType } from '../../contracts/webhook-types.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import {
  type IdempotentRequest,
  RESPONSE_PENDING,
  type StoredResponse,
  storePendingResponse,
} from '../../messaging/idempotency.ts'
import { type Done, workOnceWithin } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import {
  adoptedBy,
  announcedFor,
  type DisabledReason,
  mayManage,
  missingScope,
  rotated,
  type Webhook,
  withAddress,
} from '../webhook.ts'
import { viewWebhook, WEBHOOK_VIEW, type WebhookView, type WebhookWithSecret } from '../webhook-view.ts'
import { giveUp } from './delivery-cleanup.ts'
import { forgetEndpoint } from './endpoint-store.ts'
import { type KeyedPorts, type ViewReply, viewOnce } from './idempotent-view.ts'
import { fromStoredView, toStoredView } from './stored-response.ts'
import {
  loadWebhook,
  loadWebhooks,
  loadWebhooksAfter,
  loadWebhooksOf,
  removeWebhook,
  storeWebhook,
} from './webhook-store.ts'
import type { WebhookSubscription } from './webhook-subscription.ts'

/** Every event is held against all of them, one after the other. */
const WEBHOOKS_A_CLIENT_MAX = 20

export type RegisterRequest = {
  webhookId: string
  secret: string
  caller: Caller
  request: IdempotentRequest | undefined
  url: string
  types: readonly WebhookType[]
}

export type ChangeRequest = {
  webhookId: string
  caller: Caller
  url?: string | undefined
  types?: readonly WebhookType[] | undefined
  status?: 'enabled' | 'disabled' | undefined
}

export type RotateRequest = {
  webhookId: string
  caller: Caller
  request: IdempotentRequest | undefined
  secret: string
  overlapMs: number
}

/** A request whose secret was sealed before its turn; undefined where the Worker has no key to seal it with. */
export type Sealed<Request> = Request & { sealedSecret: string | undefined }

/** The answer to a registration: 202 while the order service has not stored what the webhook wants. */
export type Registration = {
  webhookId: string
  status: 201 | 202
  view: WebhookWithSecret
  isReplay: boolean
  /** Otherwise it is still to be waited for what `answer` says. */
  isAnswered: boolean
}

type Registered = Omit<Registration, 'isReplay'>

/** Sealed, as it is stored. */
type Secret = { secret: string }

type RegistrationRefusal =
  | { code: 'webhook_limit_exceeded' | 'idempotency_key_reused' | 'misconfigured' }
  | TooMany

type Lacking = { code: 'forbidden'; scope: Scope }

type Rotated =
  | ViewReply<WebhookWithSecret, 'webhook_not_found' | 'misconfigured'>
  | { ok: false; reason: Lacking }

/** Registers webhooks and changes them, for whom they belong to. Each method is one turn. */
export class WebhookRegistry {
  readonly #host: PartitionHost
  readonly #keys: HourlyAllowance
  readonly #subscription: WebhookSubscription

  constructor({ host, keys }: KeyedPorts, subscription: WebhookSubscription) {
    this.#host = host
    this.#keys = keys
    this.#subscription = subscription
  }

  register(wanted: Sealed<RegisterRequest>): Result<Registration, RegistrationRefusal> {
    return this.#host.turn(() => this.#register(wanted))
  }

  #register(wanted: Sealed<RegisterRequest>): Result<Registration, RegistrationRefusal> {
    return workOnceWithin<Registered, Secret, RegistrationRefusal>(
      { host: this.#host, keys: this.#keys },
      {
        request: wanted.request,
        replay: (stored) => this.#registeredBefore(stored),
        admit: () => this.#mayRegister(wanted),
        work: (sealed) => success(this.#keepNew(wanted, sealed)),
      },
    )
  }

  #mayRegister({ sealedSecret, caller }: Sealed<RegisterRequest>): Result<Secret, RegistrationRefusal> {
    if (sealedSecret === undefined) return refusal({ code: 'misconfigured' })
    const own = loadWebhooksOf(this.#host.sql, caller.client)
    if (own.length >= WEBHOOKS_A_CLIENT_MAX) return refusal({ code: 'webhook_limit_exceeded' })
    return success({ secret: sealedSecret })
  }

  #keepNew(wanted: RegisterRequest, sealed: Secret): Done<Registered> {
    const { sql } = this.#host
    const now = this.#host.now()
    const { webhookId, secret, caller, url, types } = wanted
    const hearsAll = caller.scopes.includes('operations')
    const maker = caller.keyId === undefined ? {} : { createdBy: caller.keyId }
    const about = { webhookId, client: caller.client, ...maker, hearsAll, url, types }
    const webhook = this.#keep({ ...about, secrets: [sealed], createdAt: now, changedAt: now })
    const view = viewWebhook(webhook, now)
    const isAnswered = view.status !== 'pending'
    const status = isAnswered ? 201 : RESPONSE_PENDING
    return {
      reply: { webhookId, ...answerOf(view), view: { ...view, secret }, isAnswered },
      toStore: () => ({
        status,
        body: toStoredView(sql, { type: WEBHOOK_VIEW, view }, now),
        subject: webhookId,
      }),
    }
  }

  /** Older code stored 200, and meant 201. */
  #registeredBefore({ status, body, subject }: StoredResponse): Registered {
    return {
      webhookId: subject,
      status: status === 202 || status === RESPONSE_PENDING ? 202 : 201,
      view: fromStoredView(this.#host.sql, WEBHOOK_VIEW, body),
      isAnswered: status !== RESPONSE_PENDING,
    }
  }

  /** The answer to a registration once it was waited for; none where the webhook is gone by then. */
  answer(
    webhookId: string,
    request: IdempotentRequest | undefined,
  ): Pick<Registration, 'status' | 'view'> | undefined {
    return this.#host.turn(() => this.#answer(webhookId, request))
  }

  #answer(
    webhookId: string,
    request: IdempotentRequest | undefined,
  ): Pick<Registration, 'status' | 'view'> | undefined {
    const { sql } = this.#host
    const webhook = loadWebhook(sql, webhookId)
    if (webhook === undefined) return undefined
    const now = this.#host.now()
    const view = viewWebhook(webhook, now)
    const { status } = answerOf(view)
    if (request === undefined) return { status, view }
    const body = toStoredView(sql, { type: WEBHOOK_VIEW, view }, now)
    const answer = storePendingResponse(sql, request, { status, body }, now)
    return { status: answer.status === 202 ? 202 : 201, view: fromStoredView(sql, WEBHOOK_VIEW, answer.body) }
  }

  list(caller: Caller, after: string, limit: number): WebhookView[] {
    const { sql } = this.#host
    const isOperator = caller.scopes.includes('operations')
    return (isOperator ? loadWebhooksAfter(sql, after, limit) : loadWebhooksOf(sql, caller.client))
      .filter((each) => each.webhookId > after && mayManage(caller, each))
      .slice(0, limit)
      .map((webhook) => viewWebhook(webhook, this.#host.now()))
  }

  get(webhookId: string, caller: Caller): WebhookView | undefined {
    const webhook = this.find(webhookId, caller)
    return webhook && viewWebhook(webhook, this.#host.now())
  }

  change(wanted: ChangeRequest): Result<WebhookView, { code: 'webhook_not_found' } | Lacking> {
    return this.#host.turn(() => this.#change(wanted))
  }

  #change(wanted: ChangeRequest): Result<WebhookView, { code: 'webhook_not_found' } | Lacking> {
    const { webhookId, caller, status } = wanted
    const known = this.find(webhookId, caller)
    if (known === undefined) return refusal({ code: 'webhook_not_found' })
    const { disabledReason, ...rest } = known
    const { url = known.url, types = known.types } = wanted
    const isRevived = disabledReason !== undefined && status === 'enabled'
    const isTurned = url !== known.url || types !== known.types
    const scope = isTurned || isRevived ? missingScope(caller, types) : undefined
    if (scope !== undefined) return refusal({ code: 'forbidden', scope })
    const now = this.#host.now()
    const turned = { ...withAddress(url, rest, caller), types, changedAt: now }
    const changed = isRevived && disabledReason === 'key_revoked' ? adoptedBy(turned, caller) : turned
    if (status === 'disabled') return success(viewWebhook(this.disable(changed, 'by_client'), now))
    const isDisabled = disabledReason !== undefined && status !== 'enabled'
    if (url !== known.url || (disabledReason !== undefined && !isDisabled))
      forgetEndpoint(this.#host.sql, webhookId)
    return success(viewWebhook(this.#keep(isDisabled ? { ...changed, disabledReason } : changed), now))
  }

  /** Whether there was one to remove. */
  remove(webhookId: string, caller: Caller): boolean {
    return this.#host.turn(() => {
      if (this.find(webhookId, caller) === undefined) return false
      removeWebhook(this.#host.sql, webhookId)
      this.#host.wakeBy(this.#host.now())
      this.#subscription.update(loadWebhooks(this.#host.sql))
      return true
    })
  }

  rotate(wanted: Sealed<RotateRequest>): Rotated {
    const lacking = this.#lackingForSecret(wanted)
    if (lacking !== undefined) return refusal(lacking)
    return viewOnce({ host: this.#host, keys: this.#keys, type: WEBHOOK_VIEW }, wanted.request, () => {
      const known = this.find(wanted.webhookId, wanted.caller)
      if (known === undefined) return refusal({ code: 'webhook_not_found' as const })
      const { sealedSecret } = wanted
      if (sealedSecret === undefined) return refusal({ code: 'misconfigured' as const })
      const now = this.#host.now()
      const webhook = this.#keep(rotated(known, sealedSecret, wanted.overlapMs, now))
      return success({ ...viewWebhook(webhook, now), secret: wanted.secret })
    })
  }

  /** A secret is for who may read what it signs: with it one speaks to the receiver as this system does. */
  #lackingForSecret({ webhookId, caller }: RotateRequest): Lacking | undefined {
    const known = this.find(webhookId, caller)
    const scope = known && missingScope(caller, known.types)
    return scope === undefined ? undefined : { code: 'forbidden', scope }
  }

  /** The webhook, where the caller may know of it. */
  find(webhookId: string, caller: Caller): Webhook | undefined {
    const webhook = loadWebhook(this.#host.sql, webhookId)
    return webhook && mayManage(caller, webhook) ? webhook : undefined
  }

  /** What was on its way is given up; it can be sent again once the webhook is enabled again. */
  disable(webhook: Webhook, disabledReason: DisabledReason): Webhook {
    const now = this.#host.now()
    giveUp(this.#host, { ...webhook, disabledReason })
    const { pendingRevision: _over, ...rest } = webhook
    return this.#keep({ ...rest, disabledReason, changedAt: now })
  }

  /** It is pending where it wants more of orders than before, and the order service has not stored that yet. */
  #keep(webhook: Webhook): Webhook {
    const { sql } = this.#host
    const before = loadWebhook(sql, webhook.webhookId)
    const others = loadWebhooks(sql).filter((each) => each.webhookId !== webhook.webhookId)
    const revision = this.#subscription.update([...others, webhook])
    const isMore = wantsMore(webhook, before)
    const kept = isMore && revision !== undefined ? { ...webhook, pendingRevision: revision } : webhook
    storeWebhook(sql, kept)
    return kept
  }
}

const wantsMore = (webhook: Webhook, before: Webhook | undefined): boolean => {
  const announced = announcedFor(before === undefined ? [] : [before])
  return announcedFor([webhook]).some((type) => !announced.includes(type))
}

const answerOf = (view: WebhookView): { status: 201 | 202 } => ({
  status: view.status === 'pending' ? 202 : 201,
})
