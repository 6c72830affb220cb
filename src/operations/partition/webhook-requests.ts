import type { Caller, Scope } from '../../contracts/caller.ts'
import type { WebhookType } from '../../contracts/webhook-types.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'

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

/** A request whose secret was sealed before its turn. Undefined where the Worker has no key to seal it with. */
export type Sealed<Request> = Request & { sealedSecret: string | undefined }

/** The caller's key lacks a scope that the webhook's events need. */
export type MissingScope = { code: 'forbidden'; scope: Scope }
