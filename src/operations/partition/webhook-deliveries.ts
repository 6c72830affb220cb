import type { Caller } from '../../contracts/caller.ts'
import { createEvent, type DomainEvent } from '../../contracts/events.ts'
import type { Instant } from '../../kernel/instant.ts'
import { refusal, success } from '../../kernel/result.ts'
import { createHourlyAllowance, type HourlyAllowance } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import {
  type AttemptReport,
  type DeliveryAttempt,
  type DeliveryPorts,
  type DeliveryReference,
  referenceTo,
} from '../delivery-attempt.ts'
import { afterFailure, afterSuccess, type Endpoint, isUnreachable } from '../endpoint.ts'
import { validSecrets, type Webhook, wants } from '../webhook.ts'
import {
  type AttemptOutcome,
  afterAttempt,
  isGone,
  isOurFault,
  isSuccess,
  isTest,
  newDelivery,
  requestedPauseMs,
  resent,
  underLease,
  type WebhookDelivery,
} from '../webhook-delivery.ts'
import { DELIVERY_VIEW, type DeliveryView, viewDelivery } from '../webhook-view.ts'
import { loadEndpoint, storeEndpoint } from './endpoint-store.ts'
import { type KeyedPorts, type ViewReply, viewOnce } from './idempotent-view.ts'
import type { WebhookDispatch } from './webhook-dispatch.ts'
import type { WebhookRegistry } from './webhook-registry.ts'
import {
  insertDelivery,
  loadDeliveriesBefore,
  loadDelivery,
  loadWebhook,
  loadWebhooks,
  updateDelivery,
} from './webhook-store.ts'

/** Test deliveries of a client in an hour: each is a row for seven days, and a request to an address. */
export const TESTS_AN_HOUR_MAX = 600

export type SendRequest = {
  webhookId: string
  deliveryId: string
  caller: Caller
  request: IdempotentRequest | undefined
  traceparent?: string | undefined
}

type SendRefusal = 'webhook_not_found' | 'webhook_disabled'

/** Deliveries, each a row that is due until it was taken or given up, and then until it is forgotten. */
export class WebhookDeliveries {
  readonly #ports: DeliveryPorts
  readonly #host: PartitionHost
  readonly #registry: WebhookRegistry
  readonly #dispatch: WebhookDispatch
  readonly #keys: HourlyAllowance
  readonly #tests: HourlyAllowance

  constructor(ports: DeliveryPorts & KeyedPorts, registry: WebhookRegistry, dispatch: WebhookDispatch) {
    this.#ports = ports
    this.#keys = ports.keys
    this.#tests = createHourlyAllowance(ports.host, ports.testsAnHourMax ?? TESTS_AN_HOUR_MAX)
    this.#host = ports.host
    this.#registry = registry
    this.#dispatch = dispatch
  }

  /** Takes events in; those that a webhook has already change nothing. */
  accept(events: readonly DomainEvent[]): void {
    const webhooks = loadWebhooks(this.#host.sql)
    for (const event of events)
      for (const webhook of webhooks.filter((each) => wants(each, event)))
        this.#insert(webhook, newDelivery(event, this.#newIds(webhook), this.#host.now()))
  }

  test(wanted: SendRequest): ViewReply<DeliveryView, SendRefusal> {
    return viewOnce({ host: this.#host, keys: this.#keys, type: DELIVERY_VIEW }, wanted.request, () => {
      const { webhookId, deliveryId, caller } = wanted
      const webhook = this.#registry.find(webhookId, caller)
      if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
      if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
      const retryAfterSeconds = this.#tests.retryAfterSeconds(caller.client)
      if (retryAfterSeconds !== undefined) return refusal({ code: 'rate_limited', retryAfterSeconds })
      const now = this.#host.now()
      const delivery = newDelivery(webhookTested(wanted, now), { webhookId, deliveryId }, now)
      this.#insert(webhook, delivery)
      this.#tests.count(caller.client)
      return success(viewDelivery(delivery))
    })
  }

  resend(wanted: SendRequest): ViewReply<DeliveryView, SendRefusal | 'delivery_not_found'> {
    return viewOnce({ host: this.#host, keys: this.#keys, type: DELIVERY_VIEW }, wanted.request, () => {
      const { webhookId, deliveryId, caller } = wanted
      const webhook = this.#registry.find(webhookId, caller)
      if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
      const delivery = loadDelivery(this.#host.sql, webhookId, deliveryId)
      if (delivery === undefined) return refusal({ code: 'delivery_not_found' })
      if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
      const anew = resent(delivery, this.#host.now())
      if (anew !== delivery) this.#sendAnew(webhook, anew)
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
  begin(references: readonly DeliveryReference[]): DeliveryAttempt[] {
    return this.#host.turn(() =>
      references.flatMap((reference) => {
        const leased = attempt(this.#host, reference, () => this.#beginOne(reference))
        return leased.ok ? leased.value : []
      }),
    )
  }

  #beginOne(reference: DeliveryReference): DeliveryAttempt[] {
    const { sql } = this.#host
    const webhook = loadWebhook(sql, reference.webhookId)
    const delivery = loadDelivery(sql, reference.webhookId, reference.deliveryId)
    if (webhook === undefined || webhook.disabledReason !== undefined || delivery === undefined) return []
    const leased = underLease(delivery, this.#host.now())
    if (leased === undefined || !this.#dispatch.mayBegin(webhook, reference)) return []
    return [this.#lease(webhook, leased)]
  }

  #lease(webhook: Webhook, leased: WebhookDelivery): DeliveryAttempt {
    updateDelivery(this.#host.sql, leased)
    this.#dispatch.began(webhook, leased)
    const { attempts, body } = leased
    const secrets = validSecrets(webhook, this.#host.now())
    return { ...referenceTo(leased), attempt: attempts, url: webhook.url, body, secrets }
  }

  /** Takes in what came of a try. Returns the next one for the same address, where one is wanted and due. */
  record(report: AttemptReport): DeliveryAttempt[] {
    return this.#host.turn(() => this.#record(report))
  }

  #record({ webhookId, deliveryId, attempt, outcome, wantsNext = false }: AttemptReport): DeliveryAttempt[] {
    const { sql } = this.#host
    const webhook = loadWebhook(sql, webhookId)
    const delivery = loadDelivery(sql, webhookId, deliveryId)
    if (webhook === undefined || delivery === undefined) return []
    const at = { now: this.#host.now(), chance: this.#host.chance() }
    const after = afterAttempt(delivery, { attempt, outcome }, at)
    if (after === delivery) return []
    updateDelivery(sql, after)
    this.#host.wakeBy(after.dueAt)
    this.#dispatch.ended(webhook, after)
    const endpoint = this.#judge(webhook, outcome)
    const isDisabled = this.#disableIfNobodyTakes(webhook, after, { outcome, endpoint })
    if (isDisabled || webhook.disabledReason !== undefined) return []
    const next = wantsNext ? this.#next(webhook) : []
    this.#dispatch.fill(webhook, endpoint)
    return next
  }

  /** The worker that has just posted goes on with what waits, past the queue. */
  #next(webhook: Webhook): DeliveryAttempt[] {
    const due = this.#dispatch.next(webhook)
    const leased = due && underLease(due, this.#host.now())
    return leased === undefined ? [] : [this.#lease(webhook, leased)]
  }

  /** What the try says of the address as a whole. */
  #judge(webhook: Webhook, outcome: AttemptOutcome): Endpoint {
    const { sql } = this.#host
    const before = loadEndpoint(sql, webhook.webhookId)
    if (isOurFault(outcome)) return before
    const now = this.#host.now()
    const after = isSuccess(outcome)
      ? afterSuccess(before, now)
      : afterFailure(before, now, requestedPauseMs(outcome))
    if (after !== before) storeEndpoint(sql, webhook.webhookId, after)
    return after
  }

  /** A new delivery goes out at once, or waits for a connection. Nothing happens where the webhook has the event already. */
  #insert(webhook: Webhook, delivery: WebhookDelivery): void {
    const urgency = { isUrgent: isTest(delivery) }
    const admitted = this.#dispatch.admit(webhook, delivery, urgency)
    if (insertDelivery(this.#host.sql, admitted)) this.#dispatch.send(webhook, admitted, urgency)
  }

  #sendAnew(webhook: Webhook, anew: WebhookDelivery): void {
    const urgency = { isUrgent: true }
    const admitted = this.#dispatch.admit(webhook, anew, urgency)
    updateDelivery(this.#host.sql, admitted)
    this.#dispatch.send(webhook, admitted, urgency)
  }

  #newIds({ webhookId }: Webhook) {
    return { webhookId, deliveryId: this.#ports.newDeliveryId() }
  }

  /** After a day without success: unless something got through meanwhile, nobody is there. */
  #disableIfNobodyTakes(
    webhook: Webhook,
    delivery: WebhookDelivery,
    { outcome, endpoint }: { outcome: AttemptOutcome; endpoint: Endpoint },
  ): boolean {
    if (webhook.disabledReason !== undefined || isSuccess(outcome)) return false
    const reason = isGone(outcome) ? 'gone' : 'unreachable'
    if (reason === 'unreachable' && !isGivenUp(delivery, endpoint, this.#host.now())) return false
    this.#registry.disable(webhook, reason)
    return true
  }
}

/** One event was refused for a day and nothing got through since it was new, or no event got through for a day. */
const isGivenUp = (delivery: WebhookDelivery, endpoint: Endpoint, now: Instant): boolean => {
  if (isTest(delivery)) return false
  if (isUnreachable(endpoint, now)) return true
  return (
    delivery.status === 'failed' && (endpoint.recoveredAt ?? Number.NEGATIVE_INFINITY) < delivery.createdAt
  )
}

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
