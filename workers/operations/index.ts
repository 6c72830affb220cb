import { z } from 'zod'
import { forgetOnTime } from '../../src/cloudflare/d1-requests.ts'
import { createInternalApi } from '../../src/cloudflare/http/internal-api.ts'
import { createLog } from '../../src/cloudflare/log.ts'
import { messageSettingsOf } from '../../src/cloudflare/message-settings.ts'
import {
  measureDatabases,
  measurePartitions,
  measureQueues,
  orNothing,
} from '../../src/cloudflare/metrics.ts'
import { oncePerEnv } from '../../src/cloudflare/once-per-env.ts'
import { createSpanExport } from '../../src/cloudflare/otlp-export.ts'
import { createLingeringPublish, createPublisher } from '../../src/cloudflare/publisher.ts'
import { consumeBatch, parkOn, toQueueMessage } from '../../src/cloudflare/queue-batch.ts'
import { rearmOnTime } from '../../src/cloudflare/rearm.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { AUDIT_ENTRIES_MAX, type AuditApi, auditEntrySchema } from '../../src/contracts/audit-entry.ts'
import {
  type LetterErasure,
  type LetterErasureApi,
  letterErasureRequestSchema,
} from '../../src/contracts/customer-erasure.ts'
import {
  type LettersApi,
  type LettersByMinute,
  letterHoursSchema,
} from '../../src/contracts/letters-by-minute.ts'
import type { StoryQuestion } from '../../src/contracts/order-story.ts'
import {
  type OperationsApi,
  type WebhooksOfKeys,
  webhooksOfKeysRequestSchema,
} from '../../src/contracts/webhooks-of-keys.ts'
import { HOUR_MS } from '../../src/kernel/instant.ts'
import { attemptDeliveries } from '../../src/operations/delivery-consumer.ts'
import { respond } from '../../src/operations/responder.ts'
import { createOperationsApp } from './app.ts'
import { insertEntry } from './audit-log/audit-table.ts'
import { keepDeadMessages } from './dead-letters/dead-letter-consumer.ts'
import { eraseClosed } from './dead-letters/erase-closed.ts'
import { eraseFromLetters } from './dead-letters/erase-customer.ts'
import { countByMinute } from './dead-letters/letters-by-minute.ts'
import { findAuditOfOrder, findLettersOfOrder } from './dead-letters/letters-of-order.ts'
import { measureLetters } from './dead-letters/measure-letters.ts'
import { consumerOfDeadLetters } from './dead-letters/queue-bindings.ts'
import { readOperationsSettings } from './settings.ts'
import { forgetAlerts, keepAlerts } from './stock-alerts.ts'
import type { OperationsRoutesEnv } from './variables.ts'
import { createAddressChecks } from './webhooks/address-checks.ts'
import {
  measuredWebhooks,
  rearmedWebhooks,
  webhookObject,
  webhookPartition,
  webhookReminder,
} from './webhooks/webhook-binding.ts'
import { postWebhook } from './webhooks/webhook-post.ts'

export { WebhookObject } from './webhooks/webhook-object.ts'

const log = createLog('operations')
/** One for the isolate, so that it remembers what names resolve to. */
const addressCheckFor = createAddressChecks({ fetch: (...request) => fetch(...request), now: Date.now })
const app = createOperationsApp(log, addressCheckFor)

const publishOf = oncePerEnv((env: OperationsEnv) => {
  const inboxes = { inventory: env.INVENTORY_INBOX, order: env.ORDER_INBOX }
  return createLingeringPublish(createPublisher(inboxes, messageSettingsOf(env)), Date.now)
})

/** Deliveries have their own queue, so that a slow address delays nothing except other deliveries. */
const DELIVERIES = /-webhooks$/

const auditEntriesSchema = z.array(auditEntrySchema).min(1).max(AUDIT_ENTRIES_MAX)

/** Two queries each: well below the 50 that a free plan allows an invocation. 200 letters in ten minutes. */
const ERASED_PORTIONS_MAX = 10

const measure = async (env: OperationsEnv) => {
  const measured = [
    measurePartitions([measuredWebhooks(env)]),
    measureDatabases({ operations: env.OPERATIONS_DB }),
    measureQueues({ webhooks: env.WEBHOOK_DELIVERIES, 'operations-inbox-dlq': env.DEAD_LETTERS }),
    orNothing(measureLetters(env.OPERATIONS_DB)).then((samples) => samples ?? []),
  ]
  return (await Promise.all(measured)).flat()
}

const story = (env: OperationsEnv, { orderId, caller }: StoryQuestion) => ({
  deliveries: async () => await webhookObject(env).deliveriesOfOrder(orderId, caller),
  deadLetters: () => findLettersOfOrder(env.OPERATIONS_DB, orderId),
  audit: () => findAuditOfOrder(env.OPERATIONS_DB, orderId),
})

/** The entrypoint that the edge calls. */
export class InternalApi
  extends createInternalApi<OperationsEnv, OperationsRoutesEnv>(app, { measure, story })
  implements OperationsApi, LettersApi, AuditApi, LetterErasureApi
{
  /** Keys are being revoked: the webhooks that they made are disabled, or only named. */
  async webhooksOfKeys(wanted: unknown): Promise<WebhooksOfKeys> {
    return await webhookObject(this.env).ofKeys(webhooksOfKeysRequestSchema.parse(wanted))
  }

  /** `hours`: how many of the last ones. A Worker of an earlier version asks without it. */
  async lettersByMinute(hours?: unknown): Promise<LettersByMinute> {
    const since = Date.now() - letterHoursSchema.parse(hours) * HOUR_MS
    return await countByMinute(this.env.OPERATIONS_DB, since)
  }

  /** Erases what dead letters say about a customer. A Worker of an earlier version does not have it. */
  async eraseFromLetters(wanted: unknown): Promise<LetterErasure> {
    return await eraseFromLetters(this.env.OPERATIONS_DB, letterErasureRequestSchema.parse(wanted))
  }

  /** Entries of the audit log, each of which may come again. */
  async keepAuditEntries(entries: unknown): Promise<void> {
    const database = this.env.OPERATIONS_DB
    const kept = auditEntriesSchema.parse(entries).map((entry) => insertEntry(database, entry))
    await database.batch(kept)
  }
}

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** The dead-letter queues of all consumers, the operations inbox, and deliveries to webhooks. */
  queue: async (batch, env, ctx) => {
    const settings = validSettings(readOperationsSettings(env))
    const { defaultCurrency, messages } = settings
    const consumer = consumerOfDeadLetters(batch.queue)
    if (consumer !== undefined) {
      const keep = { consumer, database: env.OPERATIONS_DB, defaultCurrency, now: Date.now(), log }
      await keepDeadMessages(batch.messages.map(toQueueMessage), keep)
      return
    }
    const webhooks = webhookPartition(env)
    if (DELIVERIES.test(batch.queue)) {
      const checkAddress = addressCheckFor(settings)
      const post = (attempt: Parameters<typeof postWebhook>[0]) =>
        postWebhook(attempt, { now: Date.now(), checkAddress })
      await attemptDeliveries(batch.messages.map(toQueueMessage), {
        ...webhooks,
        post,
        waitUntil: (work) => ctx.waitUntil(work),
        now: Date.now,
        log,
      })
      return
    }
    const spans = createSpanExport(env, 'edge-orders-operations')
    await consumeBatch(batch, {
      name: 'operations',
      defaultCurrency,
      handle: (events) =>
        respond(events, {
          ...webhooks,
          keepAlerts: (alerts) => keepAlerts(env.OPERATIONS_DB, alerts),
          publish: publishOf(env),
          now: Date.now,
        }),
      park: parkOn(env.DEAD_LETTERS),
      chance: Math.random,
      log,
      eventLog: { share: messages.eventLogShare, now: Date.now },
      spans,
    })
    if (spans !== undefined) ctx.waitUntil(spans.send())
  },
  /**
   * Every ten minutes: rearms the partition if the platform gave up its alarm, deletes old stored responses and stock
   * alerts, and erases payment tokens in letters that older code has closed.
   */
  scheduled: async (_controller, env) => {
    await rearmOnTime([rearmedWebhooks(env), webhookReminder(env)], log)
    await forgetOnTime(env.OPERATIONS_DB, 'requests and parts', Date.now())
    await forgetAlerts(env.OPERATIONS_DB, Date.now())
    await eraseClosed(env.OPERATIONS_DB, { portions: ERASED_PORTIONS_MAX })
  },
} satisfies ExportedHandler<OperationsEnv>
