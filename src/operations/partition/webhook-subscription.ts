import { createEvent, type EventOf, eventId } from '../../contracts/events.ts'
import type { ANNOUNCED } from '../../contracts/webhook-types.ts'
import type { Instant } from '../../kernel/instant.ts'
import { toSubscribers } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { nextResendAt } from '../../messaging/redelivery.ts'
import { afterAcknowledgement, announcedFor, type Webhook } from '../webhook.ts'
import { loadSubscription, type Subscription, storeSubscription } from './subscription-store.ts'
import { loadWebhook, loadWebhooks, storeWebhook } from './webhook-store.ts'

const SUBJECT = 'webhooks'

/** Which facts the order service announces. Each change is sent to it again until it is acknowledged. */
export const createWebhookSubscription = (host: PartitionHost) => {
  const { sql } = host
  const waiting = new Map<number, PromiseWithResolvers<void>>()

  const publish = (subscription: Subscription, now: Instant): void => {
    host.publish(toSubscribers(webhooksChanged(subscription)))
    const sends = subscription.sends + 1
    const dueAt = nextResendAt({ sends, sentAt: now }, now, host.chance)
    host.wakeBy(dueAt)
    storeSubscription(sql, { ...subscription, sends, dueAt })
  }

  /** Ends every wait for this revision or an earlier one. */
  const release = (acknowledged: number): void => {
    for (const [revision, waiter] of waiting) {
      if (revision > acknowledged) continue
      waiting.delete(revision)
      waiter.resolve()
    }
  }

  return {
    /** Takes the webhooks as they are from now on. Returns the unacknowledged revision, if there is one. */
    update: (webhooks: readonly Webhook[]): number | undefined => {
      const known = loadSubscription(sql)
      const types = announcedFor(webhooks)
      if (types.join() === known.types.join()) return known.dueAt === null ? undefined : known.revision
      const now = host.now()
      const revision = known.revision + 1
      publish({ revision, types, changedAt: now, sends: 0, dueAt: null }, now)
      return revision
    },

    wants: (type: string): boolean => loadSubscription(sql).types.includes(type),

    /** After an announcement that no webhook wants: its partition is new, or lost what it was sent. */
    correct: (): void => {
      const known = loadSubscription(sql)
      if (known.dueAt === null) host.publish(toSubscribers(webhooksChanged(known)))
    },

    /** Where webhooks want orders and all is acknowledged: an older Worker may have left out a partition. */
    remind: (): void => {
      const known = loadSubscription(sql)
      if (known.dueAt !== null || known.types.length === 0) return
      host.turn(() => host.publish(toSubscribers(webhooksChanged(known))))
    },

    /** Every order partition has stored these revisions, or later ones. */
    acknowledge: (factIds: readonly string[]): void =>
      host.turn(() => {
        const known = loadSubscription(sql)
        const acknowledged = Math.max(
          ...factIds.flatMap(revisionOf).filter((revision) => revision <= known.revision),
        )
        if (acknowledged === known.revision && known.dueAt !== null)
          storeSubscription(sql, { ...known, dueAt: null })
        for (const webhook of loadWebhooks(sql)) {
          const after = afterAcknowledgement(webhook, acknowledged)
          if (after !== webhook) storeWebhook(sql, after)
        }
        host.afterTurn(() => release(acknowledged))
      }),

    /** Resolves once the webhook is no longer pending. Waits are in memory only, so a caller has a time limit. */
    untilAcknowledged: async (webhookId: string): Promise<void> => {
      const revision = loadWebhook(sql, webhookId)?.pendingRevision
      if (revision === undefined) return
      const waiter = waiting.get(revision) ?? Promise.withResolvers<void>()
      waiting.set(revision, waiter)
      await waiter.promise
    },

    wake: (): void => {
      const known = loadSubscription(sql)
      const now = host.now()
      if (known.dueAt !== null && known.dueAt <= now) publish(known, now)
    },
  }
}

export type WebhookSubscription = ReturnType<typeof createWebhookSubscription>

const webhooksChanged = ({ revision, types, changedAt }: Subscription): EventOf<'WebhooksChanged'> =>
  createEvent({
    type: 'WebhooksChanged',
    subject: SUBJECT,
    occurrence: String(revision),
    at: changedAt,
    revision,
    data: { types: types as (typeof ANNOUNCED)[number][] },
  })

const ID_PREFIX = eventId('WebhooksChanged', SUBJECT, '')

/** `webhooks/WebhooksChanged/3` → `[3]`. */
const revisionOf = (factId: string): number[] =>
  factId.startsWith(ID_PREFIX) ? [Number(factId.slice(ID_PREFIX.length))] : []
