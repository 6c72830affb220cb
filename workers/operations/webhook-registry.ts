import type { Caller, Scope } from '../../src/contracts/caller.ts'
import type { WebhookType } from '../../src/contracts/webhook-types.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import { KEPT_MS } from '../../src/operations/delivery.ts'
import {
  type DisabledReason,
  mayManage,
  missingScope,
  rotated,
  type Webhook,
} from '../../src/operations/webhook.ts'
import { viewWebhook, type WebhookView, type WebhookWithSecret } from '../../src/operations/webhook-view.ts'
import { type Answered, once } from './once.ts'
import { giveUpPending, loadWebhook, loadWebhooks, removeWebhook, storeWebhook } from './webhook-store.ts'
import type { SubscriptionKeeper } from './webhook-subscription.ts'

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

type Lacking = { code: 'forbidden'; scope: Scope }

/** Registers webhooks and changes them, for whom they belong to. Each method is one turn. */
export class WebhookRegistry {
  readonly #host: PartitionHost
  readonly #subscription: SubscriptionKeeper

  constructor(host: PartitionHost, subscription: SubscriptionKeeper) {
    this.#host = host
    this.#subscription = subscription
  }

  register(wanted: RegisterRequest): Answered<WebhookWithSecret, 'webhook_limit_exceeded'> {
    return once(this.#host, wanted.request, () => {
      const { webhookId, secret, caller, url, types } = wanted
      const own = loadWebhooks(this.#host.sql).filter((each) => each.client === caller.client)
      if (own.length >= WEBHOOKS_A_CLIENT_MAX) return refusal({ code: 'webhook_limit_exceeded' as const })
      const now = this.#host.now()
      const hearsAll = caller.scopes.includes('operations')
      const about = { webhookId, client: caller.client, hearsAll, url, types }
      const webhook = this.#keep({ ...about, secrets: [{ secret }], createdAt: now, changedAt: now })
      return success({ ...viewWebhook(webhook, now), secret })
    })
  }

  list(caller: Caller, after: string, limit: number): WebhookView[] {
    return loadWebhooks(this.#host.sql)
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
    const isTurned = url !== known.url || types !== known.types
    const scope = isTurned ? missingScope(caller, types) : undefined
    if (scope !== undefined) return refusal({ code: 'forbidden', scope })
    const now = this.#host.now()
    const changed = { ...rest, url, types, changedAt: now }
    if (status === 'disabled') return success(viewWebhook(this.disable(changed, 'by_client'), now))
    const isDisabled = disabledReason !== undefined && status !== 'enabled'
    return success(viewWebhook(this.#keep(isDisabled ? { ...changed, disabledReason } : changed), now))
  }

  /** Whether there was one to remove. */
  remove(webhookId: string, caller: Caller): boolean {
    return this.#host.turn(() => {
      if (this.find(webhookId, caller) === undefined) return false
      removeWebhook(this.#host.sql, webhookId)
      this.#subscription.update()
      return true
    })
  }

  rotate(wanted: RotateRequest): Answered<WebhookWithSecret, 'webhook_not_found'> {
    return once(this.#host, wanted.request, () => {
      const known = this.find(wanted.webhookId, wanted.caller)
      if (known === undefined) return refusal({ code: 'webhook_not_found' as const })
      const now = this.#host.now()
      const webhook = this.#keep(rotated(known, wanted.secret, wanted.overlapMs, now))
      return success({ ...viewWebhook(webhook, now), secret: wanted.secret })
    })
  }

  /** The webhook, where the caller may know of it. */
  find(webhookId: string, caller: Caller): Webhook | undefined {
    const webhook = loadWebhook(this.#host.sql, webhookId)
    return webhook && mayManage(caller, webhook) ? webhook : undefined
  }

  /** What was on its way is given up; it can be sent again once the webhook is enabled again. */
  disable(webhook: Webhook, disabledReason: DisabledReason): Webhook {
    const now = this.#host.now()
    const error = `The webhook was disabled: ${disabledReason}.`
    giveUpPending(this.#host.sql, webhook.webhookId, { error, dueAt: now + KEPT_MS })
    return this.#keep({ ...webhook, disabledReason, changedAt: now })
  }

  #keep(webhook: Webhook): Webhook {
    storeWebhook(this.#host.sql, webhook)
    this.#subscription.update()
    return webhook
  }
}
