import { DurableObject } from 'cloudflare:workers'
import { createLog } from '../../../src/cloudflare/log.ts'
import { createMeasure } from '../../../src/cloudflare/metrics.ts'
import { createDurableHost, type DurableHost } from '../../../src/cloudflare/partition-host.ts'
import { createPublisher, SEND_TIMEOUT_MS } from '../../../src/cloudflare/publisher.ts'
import { validSettings } from '../../../src/cloudflare/valid-settings.ts'
import { within } from '../../../src/cloudflare/within.ts'
import type { Caller } from '../../../src/contracts/caller.ts'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import type { Sample } from '../../../src/contracts/metrics.ts'
import type { WebhooksOfKeysRequest } from '../../../src/contracts/webhooks-of-keys.ts'
import { traceIdsOf } from '../../../src/kernel/trace.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { AttemptReport, DeliveryReference } from '../../../src/operations/delivery-attempt.ts'
import type { BulkResendRequest } from '../../../src/operations/partition/bulk-resend.ts'
import type { DeliveryPage } from '../../../src/operations/partition/delivery-list.ts'
import type { SendRequest } from '../../../src/operations/partition/requested-deliveries.ts'
import { WebhookPartition } from '../../../src/operations/partition/webhook-partition.ts'
import type {
  ChangeRequest,
  RegisterRequest,
  RotateRequest,
} from '../../../src/operations/partition/webhook-requests.ts'
import { readOperationsSettings } from '../settings.ts'
import { newId } from './new-webhook-id.ts'
import { createWebhookSecrets } from './sealed-webhook-secrets.ts'

/** The most messages that `sendBatch` takes. */
const MESSAGES_MAX = 100

/**
 * The webhook partition on Cloudflare. It wires `WebhookPartition`, which has all the rules. The methods `answer`, `note`,
 * `untilNoted`, `begin` and `rouse` keep their names: Workers and objects of two versions meet during a deployment.
 */
export class WebhookObject extends DurableObject<OperationsEnv> {
  readonly #durable: DurableHost
  readonly #partition: WebhookPartition
  readonly #measure: () => Sample[]

  constructor(ctx: DurableObjectState, env: OperationsEnv) {
    super(ctx, env)
    const log = createLog('operations')
    const settings = validSettings(readOperationsSettings(env))
    this.#durable = createDurableHost(
      ctx,
      createPublisher({ order: env.ORDER_INBOX }, settings.messages),
      log,
    )
    const ports = {
      host: this.#durable.host,
      enqueue: gather((references) => ctx.waitUntil(enqueue(env.WEBHOOK_DELIVERIES, references, log))),
      newDeliveryId: () => newId('msg'),
      secrets: createWebhookSecrets(env),
      keysAnHourMax: settings.keysAnHourMax,
      testsAnHourMax: settings.testsAnHourMax,
    }
    this.#partition = new WebhookPartition(ports, settings.connections)
    this.#measure = createMeasure(ctx, () => this.#partition.measure())
  }

  register(request: RegisterRequest) {
    return this.#partition.register(request)
  }

  /** The final reply to a registration, after a wait. */
  answer(webhookId: string, request: IdempotentRequest | undefined) {
    return this.#partition.webhooks.replyToRegistration(webhookId, request)
  }

  webhooks(caller: Caller, after: string, limit: number) {
    return this.#partition.webhooks.list(caller, { after, limit })
  }

  failingWebhooks(caller: Caller, after: string, limit: number) {
    return this.#partition.webhooks.list(caller, { after, limit, isFailing: true })
  }

  webhook(webhookId: string, caller: Caller) {
    return this.#partition.webhooks.get(webhookId, caller)
  }

  change(request: ChangeRequest) {
    return this.#partition.change(request)
  }

  remove(webhookId: string, caller: Caller) {
    return this.#partition.webhooks.remove(webhookId, caller)
  }

  rotate(request: RotateRequest) {
    return this.#partition.rotate(request)
  }

  ofKeys(request: WebhooksOfKeysRequest) {
    return this.#partition.ofKeys(request)
  }

  test(request: SendRequest) {
    return this.#partition.deliveries.test(request)
  }

  resend(request: SendRequest) {
    return this.#partition.deliveries.resend(request)
  }

  resendMany(request: BulkResendRequest) {
    return this.#partition.deliveries.resendMany(request)
  }

  listDeliveries(webhookId: string, caller: Caller, page: DeliveryPage) {
    return this.#partition.deliveries.list(webhookId, caller, page)
  }

  /** The same for Workers of an earlier version. */
  deliveries(webhookId: string, caller: Caller, page: { before: string | undefined; limit: number }) {
    const after = page.before === undefined ? undefined : { id: page.before, createdAt: 0 }
    return this.#partition.deliveries.list(webhookId, caller, { after, limit: page.limit })?.deliveries
  }

  deliveriesOfOrder(orderId: string, caller: Caller) {
    return this.#partition.deliveries.ofOrder(orderId, caller)
  }

  accept(events: readonly DomainEvent[]) {
    return this.#partition.accept(events)
  }

  /** Acknowledges revisions of the wanted facts. */
  note(factIds: readonly string[]) {
    this.#partition.subscription.acknowledge(factIds)
  }

  /** Returns once every order partition knows what the webhook wants, or after `withinMs`. */
  async untilNoted(webhookId: string, withinMs: number) {
    await within(
      withinMs,
      'the acknowledgement',
      this.#partition.subscription.untilAcknowledged(webhookId),
    ).catch(() => {})
  }

  /** Sends the wanted facts to the order partitions once more. */
  remind() {
    this.#partition.subscription.remind()
  }

  /** Leases attempts. */
  begin(references: readonly DeliveryReference[]) {
    return this.#partition.lease(references)
  }

  record(report: AttemptReport) {
    return this.#partition.record(report)
  }

  rouse() {
    return this.#durable.rearm(() => this.#partition.wakeForDue())
  }

  /** What the partition measures. Objects of an earlier version do not have it. */
  measure() {
    return this.#measure()
  }

  override alarm() {
    return this.#durable.onAlarm(() => this.#partition.wake())
  }
}

/** Sends together what one turn puts on the queue. */
const gather = (send: (references: readonly DeliveryReference[]) => void) => {
  let waiting: DeliveryReference[] = []
  const sendAll = () => {
    const references = waiting
    waiting = []
    send(references)
  }
  return (references: readonly DeliveryReference[]): void => {
    if (waiting.length === 0) queueMicrotask(sendAll)
    waiting.push(...references)
  }
}

/** One message for each delivery, so that a slow address delays no other one. A lost message is sent again. */
const enqueue = async (queue: Queue, references: readonly DeliveryReference[], log: Log): Promise<void> => {
  try {
    for (let start = 0; start < references.length; start += MESSAGES_MAX) {
      const messages = references.slice(start, start + MESSAGES_MAX).map((body) => ({ body }))
      await within(SEND_TIMEOUT_MS, 'sending deliveries', queue.sendBatch(messages))
    }
  } catch (error) {
    log('warn', 'deliveries could not be queued; they are queued again', {
      deliveries: references.length,
      traceIds: traceIdsOf(references),
      error: String(error),
    })
  }
}
