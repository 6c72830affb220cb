import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { SWEEP_PAUSE_MS, SWEEP_ROWS_MAX } from '../../messaging/sweep.ts'
import { attempt } from '../../messaging/turn.ts'
import type { DeliveryAttempt } from '../delivery-attempt.ts'
import { type Webhook, withSecrets } from '../webhook.ts'
import type { WebhookSecrets } from '../webhook-secrets.ts'
import { hasPlainSecret, loadWebhook, loadWebhooksAfter, storeWebhook } from './webhook-store.ts'

/** The secrets of a webhook that were sealed again, each by its stored form. */
type Renewed = { webhookId: string; sealed: ReadonlyMap<string, string>; unopened: number }

/**
 * Seals secrets that older code stored in plain text, and secrets under an older key, in portions. A partition that may
 * have any sweeps after each start. A changed key restarts the partition, so this is enough. The sweep keeps its place
 * in memory.
 */
export const createSecretSealing = (host: PartitionHost, secrets: WebhookSecrets) => {
  const { sql } = host
  let after = secrets.hasKey && (secrets.hasOlderKeys || hasPlainSecret(sql)) ? '' : undefined

  const renew = async (webhook: Webhook): Promise<Renewed> => {
    const { webhookId } = webhook
    const stored = webhook.secrets.map(({ secret }) => secret)
    const renewed = await Promise.all(stored.map((secret) => secrets.renew(webhookId, secret)))
    const pairs = stored.flatMap((secret, nth): [string, string][] => {
      const sealed = renewed[nth]
      return sealed === undefined || sealed === secret ? [] : [[secret, sealed]]
    })
    const unopened = renewed.filter((secret) => secret === undefined).length
    return { webhookId, sealed: new Map(pairs), unopened }
  }

  /** In a turn. The webhook may have been changed or removed since its secrets were sealed. */
  const store = ({ webhookId, sealed }: Renewed): void => {
    const webhook = sealed.size > 0 ? loadWebhook(sql, webhookId) : undefined
    if (webhook === undefined) return
    const renewed = withSecrets(webhook, (secret) => sealed.get(secret) ?? secret)
    storeWebhook(sql, renewed)
  }

  const open = async ({ webhookId, secrets: stored, ...rest }: DeliveryAttempt): Promise<DeliveryAttempt> => {
    const opened = await Promise.all(stored.map((secret) => secrets.open(webhookId, secret)))
    for (const each of opened) if (!each.ok) logUnopened(host, webhookId, each.reason)
    return { ...rest, webhookId, secrets: opened.flatMap((each) => (each.ok ? [each.value] : [])) }
  }

  return {
    /** Seals the stored secrets of one webhook before it is written again. */
    sealStored: async (webhookId: string): Promise<void> => {
      const webhook = secrets.hasKey ? loadWebhook(sql, webhookId) : undefined
      if (webhook === undefined) return
      const renewed = await renew(webhook)
      host.turn(() => store(renewed))
    },

    /** The attempts with plain secrets. A secret that does not open is left out: the receiver may verify with another one. */
    opened: (attempts: readonly DeliveryAttempt[]): Promise<DeliveryAttempt[]> =>
      Promise.all(attempts.map(open)),

    isOver: (): boolean => after === undefined,

    /** When the next portion is due. */
    nextAt: (): Instant => (after === undefined ? Number.POSITIVE_INFINITY : host.now() + SWEEP_PAUSE_MS),

    /** Seals the next portion. False where storing it failed. */
    sweep: async (): Promise<boolean> => {
      const portion = loadWebhooksAfter(sql, after ?? '', SWEEP_ROWS_MAX)
      const renewed = await Promise.all(portion.map(renew))
      const { ok } = attempt(host, {}, () => renewed.forEach(store))
      if (!ok) return false
      after = portion.length < SWEEP_ROWS_MAX ? undefined : portion.at(-1)?.webhookId
      logSealed(host, renewed)
      return true
    },
  }
}

export type SecretSealing = ReturnType<typeof createSecretSealing>

const logUnopened = ({ log }: PartitionHost, webhookId: string, reason: string): void =>
  log('error', 'a secret of a webhook does not open', { webhookId, reason })

const logSealed = ({ log }: PartitionHost, renewed: readonly Renewed[]): void => {
  const sealed = renewed.reduce((sum, each) => sum + each.sealed.size, 0)
  const unopened = renewed.reduce((sum, each) => sum + each.unopened, 0)
  if (sealed + unopened === 0) return
  log(unopened > 0 ? 'warn' : 'info', 'secrets of webhooks were sealed', { sealed, unopened })
}
