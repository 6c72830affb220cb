import { isSealed, isSealedWith, openText, sealText } from '../../../src/cloudflare/sealed-text.ts'
import { storageKeysOf, storageKeyWarnings } from '../../../src/cloudflare/storage-key.ts'
import { success } from '../../../src/kernel/result.ts'
import type { WebhookSecrets } from '../../../src/operations/webhook-secrets.ts'

/** Seals and opens secrets with the storage keys in these bindings. */
export const createWebhookSecrets = (env: object): WebhookSecrets => {
  const keys = storageKeysOf(env)
  const { current } = keys
  const seal = async (webhookId: string, secret: string) =>
    current && (await sealText(current, sealedFor(webhookId), secret))
  const open = async (webhookId: string, stored: string) =>
    isSealed(stored) ? await openText(keys, sealedFor(webhookId), stored) : success(stored)
  const renew = async (webhookId: string, stored: string) => {
    if (current !== undefined && (await isSealedWith(current, stored))) return stored
    const opened = await open(webhookId, stored)
    return opened.ok ? await seal(webhookId, opened.value) : undefined
  }
  return { hasKey: current !== undefined, hasOlderKeys: keys.all.length > 1, seal, open, renew }
}

const sealedFor = (webhookId: string) => ({ purpose: 'webhook secret', owner: webhookId })

/** Says why no secret can be sealed, and what to set. Empty where a key is set. */
export const secretWarnings = (env: object): string[] =>
  storageKeyWarnings(env, {
    config: 'workers/operations/wrangler.toml',
    consequence: 'new webhooks and new secrets of webhooks are refused',
  })
