import { z } from 'zod'

/** What an audited action is about. */
export const AUDIT_KINDS = [
  'dead_letter',
  'drill',
  'feed',
  'key',
  'list',
  'order',
  'pause',
  'payment',
  'product',
  'replay',
  'stock',
  'webhook',
] as const

export type AuditKind = (typeof AUDIT_KINDS)[number]

/** A few fields of the subject. No payment token, no secret and nothing about a customer is among them. */
const detailsSchema = z.record(z.string(), z.unknown())

export type AuditDetails = z.infer<typeof detailsSchema>

export const auditEntrySchema = z.object({
  /** A ULID of the time: ids are in the order of the actions. */
  id: z.string().min(1).max(64),
  at: z.string(),
  client: z.string(),
  /** The id of the key that was shown. */
  keyId: z.string().exactOptional(),
  /** The email address of the operator, where Cloudflare Access stands in front of the console. */
  person: z.string().exactOptional(),
  kind: z.enum(AUDIT_KINDS),
  action: z.string().max(64),
  /** The id of what the action is about. */
  subject: z.string().max(256),
  reason: z.string().exactOptional(),
  /** `unknown`: the call began, and the edge has not seen how it ended. `after` is then what was asked for. */
  outcome: z.enum(['done', 'unknown']),
  before: detailsSchema.exactOptional(),
  after: detailsSchema.exactOptional(),
})

/** Who did what to what, when and why, and what it was before and after. */
export type AuditEntry = z.infer<typeof auditEntrySchema>

/** Entries that one call hands over. */
export const AUDIT_ENTRIES_MAX = 50

/** What the edge asks of the operations Worker, over its binding. No HTTP request reaches it. */
export type AuditApi = { keepAuditEntries(entries: readonly AuditEntry[]): Promise<void> }

/** Payment tokens, API keys and secrets of webhooks, where a person has copied one into a reason. */
const SECRETS = /\b(?:pm|tok|src|card)_\w+|\beo_\w+|\bwhsec_[\w+/=]+|\b(?:sk|rk)_(?:live|test)_\w+/g

export const withoutSecrets = (text: string): string => text.replace(SECRETS, '[removed]')
