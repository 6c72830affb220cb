import type { DomainEvent } from '../../src/contracts/events.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import { migrate } from '../../src/messaging/schema.ts'
import { isAboutStock } from '../../src/operations/webhook.ts'
import { type DeliveryPorts, WebhookDeliveries } from './webhook-deliveries.ts'
import { WebhookRegistry } from './webhook-registry.ts'
import { earliestDue, WEBHOOK_TABLES } from './webhook-store.ts'
import { createSubscription, type SubscriptionKeeper } from './webhook-subscription.ts'

/**
 * All webhooks, what is on its way to them, and what the order service is to announce for them. It never calls an
 * address itself: it says what to try (`begin`) and takes in what came of it (`record`). Each method is one turn.
 */
export class WebhookPartition {
  readonly webhooks: WebhookRegistry
  readonly deliveries: WebhookDeliveries
  readonly subscription: SubscriptionKeeper
  readonly #host: PartitionHost

  constructor(ports: DeliveryPorts) {
    this.#host = ports.host
    migrate(ports.host.sql, WEBHOOK_TABLES)
    this.subscription = createSubscription(ports.host)
    this.webhooks = new WebhookRegistry(ports.host, this.subscription)
    this.deliveries = new WebhookDeliveries(ports, this.webhooks)
    this.wakeForDue()
  }

  /** Events for whoever wants them. */
  accept(events: readonly DomainEvent[]): void {
    this.deliveries.accept(events)
    const announced = events.filter((event) => !isAboutStock(event))
    if (announced.some(({ type }) => !this.subscription.wants(type))) this.subscription.correct()
  }

  /** Does what is due. */
  async wake(): Promise<void> {
    this.subscription.wake()
    this.deliveries.wake()
    this.wakeForDue()
  }

  /** Also on every start, and when roused: an alarm that failed once too often is not set again by the platform. */
  wakeForDue(): void {
    const next = earliestDue(this.#host.sql)
    if (next !== undefined) this.#host.wakeBy(next)
  }
}
