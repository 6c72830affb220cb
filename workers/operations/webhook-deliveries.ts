import type { Caller } from '../../src/contracts/caller.ts'
import { createEvent, type DomainEvent } from '../../src/contracts/events.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { refusal, success } from '../../src/kernel/result.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../src/messaging/partition.ts'
import { attempt } from '../../src/messaging/turn.ts'
import {
  begun,
  type Delivery,
  isGone,
  newDelivery,
  queuedOnce,
  recorded,
  sentAnew,
  type TryOutcome,
  traceparentOf,
} from '../../src/operations/delivery.ts'
import { validSecrets, type Webhook, wants } from '../../src/operations/webhook.ts'
import { type DeliveryView, viewDelivery } from '../../src/operations/webhook-view.ts'
import { type Answered, once } from './once.ts'
import type { WebhookRegistry } from './webhook-registry.ts'
import {
  forgetDelivery,
  hasDeliveredSince,
  insertDelivery,
  loadDeliveriesBefore,
  loadDelivery,
  loadDueDeliveries,
  loadWebhook,
  loadWebhooks,
  updateDelivery,
} from './webhook-store.ts'

/** Which delivery, as the queue carries it, and the trace of its event for the log. */
export type DeliveryRef = { webhookId: string; deliveryId: string; traceparent?: string | undefined }

/** One try that a worker is to make. */
export type Try = DeliveryRef & { attempt: number; url: string; body: string; secrets: readonly string[] }

export type TryReport = DeliveryRef & { attempt: number; outcome: TryOutcome }

export type SendRequest = {
  webhookId: string
  deliveryId: string
  caller: Caller
  request: IdempotentRequest | undefined
  traceparent?: string | undefined
}

type SendRefusal = 'webhook_not_found' | 'delivery_not_found' | 'webhook_disabled'

export type DeliveryPorts = {
  host: PartitionHost
  /** Puts deliveries before whoever tries them, once the turn is durable. What gets lost is put there again. */
  enqueue(refs: readonly DeliveryRef[]): void
  newDeliveryId(): string
}

/** Deliveries, each a row that is due until it was taken or given up, and then until it is forgotten. */
export class WebhookDeliveries {
  readonly #ports: DeliveryPorts
  readonly #host: PartitionHost
  readonly #registry: WebhookRegistry

  constructor(ports: DeliveryPorts, registry: WebhookRegistry) {
    this.#ports = ports
    this.#host = ports.host
    this.#registry = registry
  }

  /** Takes events in; those that a webhook has already change nothing. */
  accept(events: readonly DomainEvent[]): void {
    const webhooks = loadWebhooks(this.#host.sql)
    const fresh = events.flatMap((event) =>
      webhooks
        .filter((webhook) => wants(webhook, event))
        .flatMap((webhook) => this.#insert(webhook, event, this.#ports.newDeliveryId())),
    )
    this.#enqueue(fresh)
  }

  test(wanted: SendRequest): Answered<DeliveryView, SendRefusal> {
    return once(this.#host, wanted.request, () => {
      const { webhookId, deliveryId, caller } = wanted
      const webhook = this.#registry.find(webhookId, caller)
      if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
      if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
      const [delivery] = this.#insert(webhook, webhookTested(wanted, this.#host.now()), deliveryId)
      if (delivery === undefined) throw new Error(`Broken invariant: ${deliveryId} was there already`)
      this.#enqueue([delivery])
      return success(viewDelivery(delivery))
    })
  }

  resend(wanted: SendRequest): Answered<DeliveryView, SendRefusal> {
    return once(this.#host, wanted.request, () => {
      const { webhookId, deliveryId, caller } = wanted
      const webhook = this.#registry.find(webhookId, caller)
      if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
      const delivery = loadDelivery(this.#host.sql, webhookId, deliveryId)
      if (delivery === undefined) return refusal({ code: 'delivery_not_found' })
      if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
      const now = this.#host.now()
      const anew = sentAnew(delivery, now)
      if (anew !== delivery) this.#enqueue([this.#keep(queuedOnce(anew, now))])
      return success(viewDelivery(anew))
    })
  }

  /** Newest first; `undefined` where there is no such webhook. */
  list(
    webhookId: string,
    caller: Caller,
    page: { before: string | undefined; limit: number },
  ): DeliveryView[] | undefined {
    if (this.#registry.find(webhookId, caller) === undefined) return undefined
    return loadDeliveriesBefore(this.#host.sql, webhookId, page).map(viewDelivery)
  }

  /** What is to be tried now, leased so that nobody else tries it meanwhile. */
  begin(refs: readonly DeliveryRef[]): Try[] {
    return this.#host.turn(() =>
      refs.flatMap((ref) => {
        const leased = attempt(this.#host, ref, () => this.#beginOne(ref))
        return leased.ok ? leased.value : []
      }),
    )
  }

  #beginOne({ webhookId, deliveryId }: DeliveryRef): Try[] {
    const { sql } = this.#host
    const now = this.#host.now()
    const webhook = loadWebhook(sql, webhookId)
    const delivery = loadDelivery(sql, webhookId, deliveryId)
    const leased = delivery && begun(delivery, now)
    if (webhook === undefined || leased === undefined) return []
    const { attempts, body } = this.#keep(leased)
    const secrets = validSecrets(webhook, now)
    return [{ ...refTo(leased), attempt: attempts, url: webhook.url, body, secrets }]
  }

  /** Takes in what came of a try. */
  record(report: TryReport): void {
    this.#host.turn(() => this.#record(report))
  }

  #record({ webhookId, deliveryId, attempt, outcome }: TryReport): void {
    const { sql } = this.#host
    const webhook = loadWebhook(sql, webhookId)
    const delivery = loadDelivery(sql, webhookId, deliveryId)
    if (webhook === undefined || delivery === undefined) return
    const at = { now: this.#host.now(), chance: this.#host.chance() }
    const after = recorded(delivery, { attempt, outcome }, at)
    if (after === delivery) return
    this.#keep(after)
    this.#disableIfNobodyTakes(webhook, after, outcome)
  }

  /** Puts on the queue what is due, and forgets what was kept long enough. False where it failed for any. */
  wake(): boolean {
    const now = this.#host.now()
    return loadDueDeliveries(this.#host.sql, now, DUE_ROWS_MAX)
      .map((delivery) => {
        const { webhookId, deliveryId } = delivery
        return attempt(this.#host, { webhookId, deliveryId }, () => this.#attend(delivery, now))
      })
      .every(({ ok }) => ok)
  }

  #attend(delivery: Delivery, now: Instant): void {
    if (isPending(delivery)) this.#enqueue([this.#keep(queuedOnce(delivery, now))])
    else forgetDelivery(this.#host.sql, delivery)
  }

  /** A new delivery; none where the webhook has the event already. */
  #insert(webhook: Webhook, event: DomainEvent, deliveryId: string): Delivery[] {
    const now = this.#host.now()
    const delivery = queuedOnce(newDelivery(event, { deliveryId, webhookId: webhook.webhookId }, now), now)
    if (!insertDelivery(this.#host.sql, delivery)) return []
    this.#host.wakeBy(delivery.dueAt)
    return [delivery]
  }

  #keep(delivery: Delivery): Delivery {
    updateDelivery(this.#host.sql, delivery)
    this.#host.wakeBy(delivery.dueAt)
    return delivery
  }

  #enqueue(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return
    const refs = deliveries.map(refTo)
    this.#host.afterTurn(() => this.#ports.enqueue(refs))
  }

  /** After a day without success: unless something newer got through, nobody is there. */
  #disableIfNobodyTakes(webhook: Webhook, delivery: Delivery, outcome: TryOutcome): void {
    if (webhook.disabledReason !== undefined || delivery.status !== 'failed') return
    if (isGone(outcome)) this.#registry.disable(webhook, 'gone')
    else if (!hasDeliveredSince(this.#host.sql, delivery)) this.#registry.disable(webhook, 'unreachable')
  }
}

const refTo = (delivery: Delivery): DeliveryRef => {
  const { webhookId, deliveryId } = delivery
  return { webhookId, deliveryId, traceparent: traceparentOf(delivery) }
}

const isPending = (delivery: Delivery): boolean => delivery.status === 'pending'

const webhookTested = ({ webhookId, deliveryId, traceparent }: SendRequest, now: number) =>
  createEvent({
    type: 'WebhookTested',
    subject: webhookId,
    occurrence: deliveryId,
    at: now,
    revision: 0,
    traceparent,
    data: { webhookId },
  })
