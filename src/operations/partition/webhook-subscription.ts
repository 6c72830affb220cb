import { createEvent, type EventOf, eventId } from '../../contracts/events.ts'
import type { ANNOUNCED } from '../../contracts/webhook-types.ts'
import type { Instant } from '../../kernel/instant.ts'
import { resendDelayMs } from '../../messaging/back-off.ts'
import { toSubscribers } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { afterNoted, announcedFor, type Webhook } from '../webhook.ts'
import {
  loadSubscription,
  loadWebhook,
  loadWebhooks,
  type Subscription,
  storeSubscription,
  storeWebhook,
} from './webhook-store.ts'

const SUBJECT = 'webhooks'

/** What the order service is to announce. It is owed each change of that until it has noted it. */
export const createSubscription = (host: PartitionHost) => {
  const { sql } = host
  const waiting = new Map<number, PromiseWithResolvers<void>>()

  const tell = (subscription: Subscription, now: Instant): void => {
    host.publish(toSubscribers(webhooksChanged(subscription)))
    const sends = subscription.sends + 1
    const dueAt = now + resendDelayMs(sends, host.chance)
    host.wakeBy(dueAt)
    storeSubscription(sql, { ...subscription, sends, dueAt })
  }

  /** Who waits for these revisions, or earlier ones, waits no longer. */
  const release = (noted: number): void => {
    for (const [revision, waiter] of waiting) {
      if (revision > noted) continue
      waiting.delete(revision)
      waiter.resolve()
    }
  }

  return {
    /** With the webhooks as they are from now on. Returns the revision that is not noted yet, if there is one. */
    update: (webhooks: readonly Webhook[]): number | undefined => {
      const known = loadSubscription(sql)
      const types = announcedFor(webhooks)
      if (types.join() === known.types.join()) return known.dueAt === null ? undefined : known.revision
      const now = host.now()
      const revision = known.revision + 1
      tell({ revision, types, changedAt: now, sends: 0, dueAt: null }, now)
      return revision
    },

    wants: (type: string): boolean => loadSubscription(sql).types.includes(type),

    /** Somebody announces what nobody wants: a partition that is new, or that lost what it was told. */
    correct: (): void => {
      const known = loadSubscription(sql)
      if (known.dueAt === null) host.publish(toSubscribers(webhooksChanged(known)))
    },

    /** Where webhooks want orders, and nothing is owed: a partition may have been told by a Worker that left it out. */
    remind: (): void => {
      const known = loadSubscription(sql)
      if (known.dueAt !== null || known.types.length === 0) return
      host.turn(() => host.publish(toSubscribers(webhooksChanged(known))))
    },

    /** Every order partition has stored these revisions, or later ones. */
    acknowledge: (factIds: readonly string[]): void =>
      host.turn(() => {
        const known = loadSubscription(sql)
        const noted = Math.max(
          ...factIds.flatMap(revisionOf).filter((revision) => revision <= known.revision),
        )
        if (noted === known.revision && known.dueAt !== null)
          storeSubscription(sql, { ...known, dueAt: null })
        for (const webhook of loadWebhooks(sql)) {
          const after = afterNoted(webhook, noted)
          if (after !== webhook) storeWebhook(sql, after)
        }
        host.afterTurn(() => release(noted))
      }),

    /** Resolves once the webhook is pending no longer. Memory only: a caller that waits has a time limit. */
    untilNoted: async (webhookId: string): Promise<void> => {
      const revision = loadWebhook(sql, webhookId)?.pendingRevision
      if (revision === undefined) return
      const noted = waiting.get(revision) ?? Promise.withResolvers<void>()
      waiting.set(revision, noted)
      await noted.promise
    },

    wake: (): void => {
      const known = loadSubscription(sql)
      const now = host.now()
      if (known.dueAt !== null && known.dueAt <= now) tell(known, now)
    },
  }
}

export type SubscriptionKeeper = ReturnType<typeof createSubscription>

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
