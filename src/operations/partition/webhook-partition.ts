import type { DomainEvent } from '../../contracts/events.ts'
import type { Sample } from '../../contracts/metrics.ts'
import type { WebhooksOfKeys, WebhooksOfKeysRequest } from '../../contracts/webhooks-of-keys.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { type Alarm, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { migrate } from '../../messaging/schema.ts'
import { attempt } from '../../messaging/turn.ts'
import type { AttemptReport, DeliveryAttempt, DeliveryReference } from '../delivery-attempt.ts'
import { isAboutStock } from '../webhook.ts'
import type { WebhookSecrets } from '../webhook-secrets.ts'
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection-slots.ts'
import { createDeliveryCleanup, type DeliveryCleanup } from './delivery-cleanup.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { createSecretSealing, type SecretSealing } from './secret-sealing.ts'
import { forgetParts } from './stored-response.ts'
import { loadSubscription } from './subscription-store.ts'
import { createWebhookDeliveries, type WebhookDeliveries } from './webhook-deliveries.ts'
import { WebhookDispatch } from './webhook-dispatch.ts'
import { measureWebhooks } from './webhook-metrics.ts'
import { createWebhookRegistry, type WebhookRegistry } from './webhook-registry.ts'
import type { ChangeRequest, RegisterRequest, RotateRequest } from './webhook-requests.ts'
import { createWebhookSubscription, type WebhookSubscription } from './webhook-subscription.ts'
import { WEBHOOK_TABLES } from './webhook-tables.ts'
import { webhooksOfKeys } from './webhooks-of-keys.ts'

/** `keysAnHourMax` is for each client. */
export type WebhookPorts = DeliveryPorts & { secrets: WebhookSecrets; keysAnHourMax?: number }

/**
 * All webhooks, their deliveries, and the list of facts that the order service announces for them. The partition never
 * calls an address itself: it leases attempts to Workers, and records their outcomes. Each method that changes something
 * is one turn, so one transaction. Secrets are sealed before a turn, and opened after it.
 */
export class WebhookPartition {
  readonly webhooks: WebhookRegistry
  readonly deliveries: WebhookDeliveries
  readonly subscription: WebhookSubscription
  readonly #host: PartitionHost
  readonly #dispatch: WebhookDispatch
  readonly #cleanup: DeliveryCleanup
  readonly #alarm: Alarm
  readonly #secrets: WebhookSecrets
  readonly #sealing: SecretSealing

  constructor(ports: WebhookPorts, limits: ConnectionLimits = CONNECTION_LIMITS) {
    const { host } = ports
    this.#host = host
    host.turn(() => migrate(host.sql, WEBHOOK_TABLES))
    this.subscription = createWebhookSubscription(host)
    const keys = createHourlyAllowance(host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX)
    this.webhooks = createWebhookRegistry({ host, keys, subscription: this.subscription })
    this.#dispatch = new WebhookDispatch(ports, limits)
    this.#cleanup = createDeliveryCleanup(host)
    const { disable } = this.webhooks
    this.deliveries = createWebhookDeliveries({ ...ports, keys, dispatch: this.#dispatch, disable })
    this.#secrets = ports.secrets
    this.#sealing = createSecretSealing(host, ports.secrets)
    this.#alarm = this.#createAlarm()
    this.wakeForDue()
  }

  async register(wanted: RegisterRequest) {
    const sealedSecret = await this.#secrets.seal(wanted.webhookId, wanted.secret)
    return this.webhooks.register({ ...wanted, sealedSecret })
  }

  async rotate(wanted: RotateRequest) {
    const sealedSecret = await this.#secrets.seal(wanted.webhookId, wanted.secret)
    await this.#sealing.sealStored(wanted.webhookId)
    return this.webhooks.rotate({ ...wanted, sealedSecret })
  }

  async change(wanted: ChangeRequest) {
    await this.#sealing.sealStored(wanted.webhookId)
    return this.webhooks.change(wanted)
  }

  lease(references: readonly DeliveryReference[]): Promise<DeliveryAttempt[]> {
    return this.#sealing.opened(this.deliveries.lease(references))
  }

  record(report: AttemptReport): Promise<DeliveryAttempt[]> {
    return this.#sealing.opened(this.deliveries.record(report))
  }

  /** Events for the webhooks that want them. Returns the ids of the events that could not be stored. */
  accept(events: readonly DomainEvent[]): string[] {
    return this.#host.turn(() => {
      const announced = events.filter((event) => !isAboutStock(event))
      if (announced.some(({ type }) => !this.subscription.wants(type))) this.subscription.correct()
      return events.flatMap((event) => {
        const about = { eventId: event.id, traceId: traceIdOf(event) }
        const accepted = attempt(this.#host, about, () => this.deliveries.accept([event]))
        return accepted.ok ? [] : [event.id]
      })
    })
  }

  /** The webhooks of keys that are being revoked. */
  ofKeys(request: WebhooksOfKeysRequest): WebhooksOfKeys {
    return webhooksOfKeys({ host: this.#host, subscription: this.subscription }, request)
  }

  /** How the webhooks fare. */
  measure(): Sample[] {
    return measureWebhooks(this.#host)
  }

  /** Does what is due. */
  async wake(): Promise<void> {
    const areSealed = this.#sealing.isOver() || (await this.#sealing.sweep())
    this.#host.turn(() => {
      const published = attempt(this.#host, {}, () => this.subscription.wake())
      const areSent = this.#dispatch.wake()
      const areCleaned = this.#cleanup.wake()
      this.#alarm.endWakeUp({ isDone: published.ok && areSent && areCleaned && areSealed })
    })
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  /** Large parts of stored responses are forgotten together with the keys. */
  #createAlarm(): Alarm {
    const host = this.#host
    const { dueAt, forget } = createKeyExpiry(host)
    const forgetBoth = () => {
      forget()
      forgetParts(host.sql, host.now())
    }
    return createAlarm({
      host,
      keyExpiry: { dueAt, forget: forgetBoth },
      dueTimes: () => [
        loadSubscription(host.sql).dueAt ?? undefined,
        this.#dispatch.nextAt(),
        this.#cleanup.nextAt(),
        this.#sealing.nextAt(),
      ],
    })
  }
}
