import type { Result } from '../kernel/result.ts'
import type { SealFault } from '../messaging/seal.ts'

/** Seals the secrets of webhooks, and opens them. WebCrypto is asynchronous, so a turn can do neither. */
export type WebhookSecrets = {
  /** Without a key no secret is sealed. */
  hasKey: boolean
  /** A key was replaced: some secrets may be sealed with an older key. */
  hasOlderKeys: boolean
  /** Undefined without a key. */
  seal(webhookId: string, secret: string): Promise<string | undefined>
  /** The plain secret. A secret that older code stored in plain text is returned as it is. */
  open(webhookId: string, stored: string): Promise<Result<string, SealFault>>
  /** The stored secret, sealed with the newest key. Undefined where no key is set, or no key opens it. */
  renew(webhookId: string, stored: string): Promise<string | undefined>
}
