import type { Result } from '../kernel/result.ts'
import type { SealFault } from '../messaging/seal.ts'

/** Seals the secrets of webhooks, and opens them. WebCrypto is asynchronous, so neither is done in a turn. */
export type WebhookSecrets = {
  /** Without a key nothing is sealed. */
  hasKey: boolean
  /** A key was replaced: some secrets may be sealed with an older one. */
  hasOlderKeys: boolean
  /** Undefined without a key. */
  seal(webhookId: string, secret: string): Promise<string | undefined>
  /** The plain secret. Older code stored secrets in plain text: these are opened already. */
  open(webhookId: string, stored: string): Promise<Result<string, SealFault>>
  /** The stored secret, sealed with the newest key. Undefined where there is no key, or none that opens it. */
  renew(webhookId: string, stored: string): Promise<string | undefined>
}
