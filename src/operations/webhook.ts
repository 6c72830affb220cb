import { z } from 'zod'
import { type Caller, mayActFor, type Scope } from '../contracts/caller.ts'
import type { DomainEvent, EventOf } from '../contracts/events.ts'
import { instantField } from '../contracts/fields.ts'
import { STOCK_ALERT_TYPES, type StockAlertType } from '../contracts/stock-alert.ts'
import { ANNOUNCED, WEBHOOK_TYPES, type WebhookType } from '../contracts/webhook-types.ts'
import type { Instant } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'

const secretSchema = z.object({ secret: z.string(), expiresAt: instantField.exactOptional() })

/** A secret as it is stored: sealed. The newest one comes first. A secret with `expiresAt` signs requests until then. */
export type Secret = z.infer<typeof secretSchema>

const disabledReasonSchema = z.enum(['by_client', 'gone', 'unreachable', 'key_revoked'])

/**
 * `by_client`: its client disabled it. `gone`: its address responded 410. `unreachable`: no attempt succeeded for a day.
 * `key_revoked`: the key that registered it, or chose its address, was revoked together with its webhooks.
 */
export type DisabledReason = z.infer<typeof disabledReasonSchema>

const storedWebhookSchema = z.object({
  webhookId: z.string(),
  /** The API client it belongs to. */
  client: z.string(),
  /** The id of the key that registered it. Older code did not store it. */
  createdBy: z.string().exactOptional(),
  /** The id of the key that last changed its address. */
  addressSetBy: z.string().exactOptional(),
  /** Registered with the scope `operations`: it gets the events of all clients' orders. */
  hearsAll: z.boolean(),
  url: z.string(),
  types: z.array(z.enum(WEBHOOK_TYPES)).readonly(),
  disabledReason: disabledReasonSchema.exactOptional(),
  /** The webhook is pending until every order partition has stored this revision of the wanted facts. */
  pendingRevision: z.number().exactOptional(),
  secrets: z.tuple([secretSchema], secretSchema).readonly(),
  createdAt: instantField,
  changedAt: instantField,
})

/** An address that events are posted to. */
export type Webhook = z.infer<typeof storedWebhookSchema>

export const WEBHOOK = storedType('webhook', storedWebhookSchema)

/** Rotations in quick succession drop the oldest secrets early: each secret is one more signature in every request. */
const SECRETS_MAX = 4

/** The scope that a key needs to have these events sent. */
const SCOPES: Record<WebhookType, Scope> = {
  OrderConfirmed: 'orders:read',
  OrderRejected: 'orders:read',
  OrderCancelled: 'orders:read',
  OrderSettled: 'orders:read',
  PaymentRefunded: 'payments:read',
  StockDepleted: 'inventory:read',
  StockReplenished: 'inventory:read',
}

/** A scope that the caller lacks for these types. Undefined where it has all of them. */
export const missingScope = (caller: Caller, types: readonly WebhookType[]): Scope | undefined =>
  caller.scopes.includes('operations')
    ? undefined
    : types.map((type) => SCOPES[type]).find((scope) => !caller.scopes.includes(scope))

/**
 * Only an operator may manage a webhook that gets the events of all clients. Another key of its own client might direct
 * them to another address.
 */
export const mayManage = (caller: Caller, webhook: Webhook): boolean =>
  webhook.hearsAll ? caller.scopes.includes('operations') : mayActFor(caller, webhook.client)

/** Whether one of these keys registered the webhook, or chose its address. */
export const isOfKey = ({ createdBy, addressSetBy }: Webhook, keyIds: ReadonlySet<string>): boolean =>
  [createdBy, addressSetBy].some((keyId) => keyId !== undefined && keyIds.has(keyId))

/** The webhook at this address. A key that changes the address is responsible for the webhook too. */
export const withAddress = (url: string, webhook: Webhook, { keyId }: Caller): Webhook =>
  url === webhook.url || keyId === undefined ? { ...webhook, url } : { ...webhook, url, addressSetBy: keyId }

/** A webhook that was disabled with its key, enabled again. The enabling key is responsible for it from then on. */
export const adoptedBy = (webhook: Webhook, { keyId }: Caller): Webhook => {
  const { createdBy: _registered, addressSetBy: _addressed, ...rest } = webhook
  return keyId === undefined ? rest : { ...rest, createdBy: keyId }
}

/** An `enabled` webhook gets every order that is placed. A `pending` one may miss some. */
export const statusOf = (webhook: Webhook): 'pending' | 'enabled' | 'disabled' => {
  if (webhook.disabledReason !== undefined) return 'disabled'
  return webhook.pendingRevision === undefined ? 'enabled' : 'pending'
}

/** The webhook once the order service has stored this revision. A later revision includes what this webhook wants. */
export const afterAcknowledgement = (webhook: Webhook, revision: number): Webhook => {
  const { pendingRevision, ...rest } = webhook
  return pendingRevision === undefined || pendingRevision > revision ? webhook : rest
}

/** Whether an event is sent there. An event about an order goes to the order's client, and to webhooks for all clients. */
export const wants = (webhook: Webhook, event: DomainEvent): boolean =>
  webhook.disabledReason === undefined &&
  webhook.types.some((type) => type === event.type) &&
  (webhook.hearsAll || isAboutStock(event) || event.client === webhook.client)

export const isAboutStock = (event: DomainEvent): event is EventOf<StockAlertType> =>
  STOCK_ALERT_TYPES.some((type) => type === event.type)

/** Whether a webhook may want the event. It comes from the order service or from the inventory service. */
export const isOffered = ({ type }: DomainEvent): boolean => WEBHOOK_TYPES.some((offered) => offered === type)

/** The facts that the order service announces for these webhooks, in the order of the table. */
export const announcedFor = (webhooks: readonly Webhook[]): (typeof ANNOUNCED)[number][] => {
  const enabled = webhooks.filter((webhook) => webhook.disabledReason === undefined)
  return ANNOUNCED.filter((type) => enabled.some((webhook) => webhook.types.includes(type)))
}

/** The webhook with a new secret. The current one stays valid for `overlapMs`; older ones keep their expiry. */
export const rotated = (webhook: Webhook, secret: string, overlapMs: number, now: Instant): Webhook => {
  const [current, ...older] = webhook.secrets
  const before = [{ ...current, expiresAt: now + overlapMs }, ...older]
  const kept = before.filter((each) => isValid(each, now)).slice(0, SECRETS_MAX - 1)
  return { ...webhook, secrets: [{ secret }, ...kept], changedAt: now }
}

/** The webhook with each of its secrets in another form, for example sealed. */
export const withSecrets = (webhook: Webhook, form: (secret: string) => string): Webhook => {
  const formed = (each: Secret): Secret => ({ ...each, secret: form(each.secret) })
  const [newest, ...older] = webhook.secrets
  return { ...webhook, secrets: [formed(newest), ...older.map(formed)] }
}

/** The secrets that sign a request now. */
export const validSecrets = (webhook: Webhook, now: Instant): string[] =>
  webhook.secrets.filter((each) => isValid(each, now)).map((each) => each.secret)

const isValid = ({ expiresAt }: Secret, now: Instant): boolean => expiresAt === undefined || now < expiresAt
