import { createEvent, type EventOf, eventId } from '../../src/contracts/events.ts'
import type { ANNOUNCED } from '../../src/contracts/webhook-types.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { resendDelayMs } from '../../src/messaging/back-off.ts'
import { toSubscribers } from '../../src/messaging/outgoing.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import { announcedFor } from '../../src/operations/webhook.ts'
import { loadSubscription, loadWebhooks, type Subscription, storeSubscription } from './webhook-store.ts'

const SUBJECT = 'webhooks'

/** What the order service is to announce. It is owed each change of that until it has noted it. */
export const createSubscription = (host: PartitionHost) => {
  const { sql } = host
  const waiting: PromiseWithResolvers<void>[] = []

  const tell = (subscription: Subscription, now: Instant): void => {
    host.publish(toSubscribers(webhooksChanged(subscription)))
    const sends = subscription.sends + 1
    const dueAt = now + resendDelayMs(sends, host.chance)
    host.wakeBy(dueAt)
    storeSubscription(sql, { ...subscription, sends, dueAt })
  }

  return {
    /** After any change of webhooks. */
    update: (): void => {
      const known = loadSubscription(sql)
      const types = announcedFor(loadWebhooks(sql))
      if (types.join() === known.types.join()) return
      const now = host.now()
      tell({ revision: known.revision + 1, types, changedAt: now, sends: 0, dueAt: null }, now)
    },

    wants: (type: string): boolean => loadSubscription(sql).types.includes(type),

    /** Somebody announces what nobody wants: a partition that is new, or that lost what it was told. */
    correct: (): void => {
      const known = loadSubscription(sql)
      if (known.dueAt === null) host.publish(toSubscribers(webhooksChanged(known)))
    },

    note: (factIds: readonly string[]): void =>
      host.turn(() => {
        const known = loadSubscription(sql)
        if (known.dueAt === null || !factIds.includes(idOf(known))) return
        storeSubscription(sql, { ...known, dueAt: null })
        host.afterTurn(() => {
          for (const each of waiting.splice(0)) each.resolve()
        })
      }),

    /** Resolves once every order partition knows what is wanted. Memory only: whoever waits has a time limit. */
    untilNoted: async (): Promise<void> => {
      if (loadSubscription(sql).dueAt === null) return
      const noted = Promise.withResolvers<void>()
      waiting.push(noted)
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

const idOf = ({ revision }: Subscription): string => eventId('WebhooksChanged', SUBJECT, String(revision))
