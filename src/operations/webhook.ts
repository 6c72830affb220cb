import { z } from 'zod'
import { type Caller, mayActFor, type Scope } from '../contracts/caller.ts'
import type { DomainEvent } from '../contracts/events.ts'
import { instantField } from '../contracts/fields.ts'
import { ANNOUNCED, WEBHOOK_TYPES, type WebhookType } from '../contracts/webhook-types.ts'
import type { Instant } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'

const secretSchema = z.object({ secret: z.string(), expiresAt: instantField.exactOptional() })

/** As it is stored: sealed. Of two secrets the newer one comes first; one with `expiresAt` is signed with until then. */
export type Secret = z.infer<typeof secretSchema>

const disabledReasonSchema = z.enum(['by_client', 'gone', 'unreachable', 'key_revoked'])

/**
 * `by_client`: somebody said so. `gone`: it answered 410. `unreachable`: it took nothing for a day.
 * `key_revoked`: the key that made it was revoked with all that it made.
 */
export type DisabledReason = z.infer<typeof disabledReasonSchema>

const storedWebhookSchema = z.object({
  webhookId: z.string(),
  /** The API client it belongs to. */
  client: z.string(),
  /** The id of the key that registered it; none where older code did. */
  createdBy: z.string().exactOptional(),
  /** The id of the key that last turned it to another address. */
  addressSetBy: z.string().exactOptional(),
  /** Registered with the scope `operations`: it hears of all clients' orders. */
  hearsAll: z.boolean(),
  url: z.string(),
  types: z.array(z.enum(WEBHOOK_TYPES)).readonly(),
  disabledReason: disabledReasonSchema.exactOptional(),
  /** What is wanted has to be stored by every order partition in this revision. Until then the webhook is pending. */
  pendingRevision: z.number().exactOptional(),
  secrets: z.tuple([secretSchema], secretSchema).readonly(),
  createdAt: instantField,
  changedAt: instantField,
})

/** An address that events are posted to. */
export type Webhook = z.infer<typeof storedWebhookSchema>

export const WEBHOOK = storedType('webhook', storedWebhookSchema)

/** After some rotations in a row the oldest secrets go early: each one is one more signature in every request. */
const SECRETS_MAX = 4

/** What a key must be allowed to read before it may have it sent. */
const SCOPES: Record<WebhookType, Scope> = {
  OrderConfirmed: 'orders:read',
  OrderRejected: 'orders:read',
  OrderCancelled: 'orders:read',
  OrderSettled: 'orders:read',
  PaymentRefunded: 'payments:read',
  StockDepleted: 'inventory:read',
  StockReplenished: 'inventory:read',
}

/** The scope that a caller lacks for these types; none where it may have them all. */
export const missingScope = (caller: Caller, types: readonly WebhookType[]): Scope | undefined =>
  caller.scopes.includes('operations')
    ? undefined
    : types.map((type) => SCOPES[type]).find((scope) => !caller.scopes.includes(scope))

/** What hears of all clients is for operators alone: also another key of its own client may not turn it elsewhere. */
export const mayManage = (caller: Caller, webhook: Webhook): boolean =>
  webhook.hearsAll ? caller.scopes.includes('operations') : mayActFor(caller, webhook.client)

/** Whether one of these keys registered the webhook, or chose where it posts to. */
export const isOfKey = ({ createdBy, addressSetBy }: Webhook, keyIds: ReadonlySet<string>): boolean =>
  [createdBy, addressSetBy].some((keyId) => keyId !== undefined && keyIds.has(keyId))

/** The webhook at this address. A key that turned it to another answers for it too. */
export const withAddress = (url: string, webhook: Webhook, { keyId }: Caller): Webhook =>
  url === webhook.url || keyId === undefined ? { ...webhook, url } : { ...webhook, url, addressSetBy: keyId }

/** Who enables again what was disabled with its maker, answers for it from then on. */
export const adoptedBy = (webhook: Webhook, { keyId }: Caller): Webhook => {
  const { createdBy: _maker, addressSetBy: _setter, ...rest } = webhook
  return keyId === undefined ? rest : { ...rest, createdBy: keyId }
}

/** Every order placed while it is `enabled` is announced to it. Of a `pending` one nothing is promised yet. */
export const statusOf = (webhook: Webhook): 'pending' | 'enabled' | 'disabled' => {
  if (webhook.disabledReason !== undefined) return 'disabled'
  return webhook.pendingRevision === undefined ? 'enabled' : 'pending'
}

/** The webhook once the order service has stored this revision. A later revision wants no less for it. */
export const afterAcknowledgement = (webhook: Webhook, revision: number): Webhook => {
  const { pendingRevision, ...rest } = webhook
  return pendingRevision === undefined || pendingRevision > revision ? webhook : rest
}

/** Whether an event is to be sent there: what concerns an order goes to its client alone, or to who hears all. */
export const wants = (webhook: Webhook, event: DomainEvent): boolean =>
  webhook.disabledReason === undefined &&
  webhook.types.some((type) => type === event.type) &&
  (webhook.hearsAll || isAboutStock(event) || event.client === webhook.client)

export const isAboutStock = ({ type }: DomainEvent): boolean =>
  type === 'StockDepleted' || type === 'StockReplenished'

/** A fact that a webhook may want, as it comes from the order service or from the inventory. */
export const isOffered = ({ type }: DomainEvent): boolean => WEBHOOK_TYPES.some((offered) => offered === type)

/** What the order service has to announce for these webhooks, in the order of the table. */
export const announcedFor = (webhooks: readonly Webhook[]): (typeof ANNOUNCED)[number][] => {
  const enabled = webhooks.filter((webhook) => webhook.disabledReason === undefined)
  return ANNOUNCED.filter((type) => enabled.some((webhook) => webhook.types.includes(type)))
}

/** A new secret; the one before it stays valid for `overlapMs`, others as long as they would have. */
export const rotated = (webhook: Webhook, secret: string, overlapMs: number, now: Instant): Webhook => {
  const [current, ...older] = webhook.secrets
  const before = [{ ...current, expiresAt: now + overlapMs }, ...older]
  const kept = before.filter((each) => isValid(each, now)).slice(0, SECRETS_MAX - 1)
  return { ...webhook, secrets: [{ secret }, ...kept], changedAt: now }
}

/** The webhook with each of its secrets in another form. */
export const withSecrets = (webhook: Webhook, form: (secret: string) => string): Webhook => {
  const formed = (each: Secret): Secret => ({ ...each, secret: form(each.secret) })
  const [newest, ...older] = webhook.secrets
  return { ...webhook, secrets: [formed(newest), ...older.map(formed)] }
}

/** What a request is signed with now. */
export const validSecrets = (webhook: Webhook, now: Instant): string[] =>
  webhook.secrets.filter((each) => isValid(each, now)).map((each) => each.secret)

const isValid = ({ expiresAt }: Secret, now: Instant): boolean => expiresAt === undefined || now < expiresAt
