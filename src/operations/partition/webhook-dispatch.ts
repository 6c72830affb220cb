import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import { type DeliveryReference, referenceTo } from '../delivery-attempt.ts'
import { enqueued, expiredTest, isExpiredTest } from '../delivery-progress.ts'
import { connectionsFor, type Endpoint } from '../endpoint.ts'
import type { Webhook } from '../webhook.ts'
import type { WebhookDelivery } from '../webhook-delivery.ts'
import { type Backlog, loadBacklogs, loadDueOf } from './backlog-store.ts'
import { type ConnectionLimits, ConnectionSlots } from './connection-slots.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { updateDelivery } from './delivery-store.ts'
import { loadEndpoint } from './endpoint-store.ts'

/** The webhook whose connections are counted. */
type Target = Pick<Webhook, 'webhookId' | 'client'>

/** Portions that one fill reads. Each holds at least one delivery that is put on the queue or given up. */
const PORTIONS_MAX = 50

/**
 * Puts deliveries on the queue, within a budget of connections for each address and each client. A delivery without a
 * free connection waits as a row, and costs nothing until one is free. The queue never holds more than the budgets, so
 * the first attempt of one webhook never waits behind the backlog of another.
 */
export class WebhookDispatch {
  readonly #host: PartitionHost
  readonly #ports: DeliveryPorts
  readonly #limits: ConnectionLimits
  readonly #slots = new ConnectionSlots()

  constructor(ports: DeliveryPorts, limits: ConnectionLimits) {
    this.#host = ports.host
    this.#ports = ports
    this.#limits = limits
  }

  /** The delivery as it is to be stored: as queued where a connection is free. Otherwise the alarm sends it later. */
  admit(target: Target, delivery: WebhookDelivery, { isUrgent }: { isUrgent: boolean }): WebhookDelivery {
    const now = this.#host.now()
    const { free, freeAt } = this.#room(target, loadEndpoint(this.#host.sql, target.webhookId), { isUrgent })
    if (free > 0) return enqueued(delivery, now)
    this.#host.wakeBy(freeAt)
    return delivery
  }

  /** Puts an admitted delivery on the queue, unless it has to wait. */
  send(target: Target, delivery: WebhookDelivery, { isUrgent }: { isUrgent: boolean }): void {
    if (delivery.queued === 0) return
    this.#host.wakeBy(delivery.dueAt)
    const reference = { ...referenceTo(delivery), ...(isUrgent && { isUrgent }) }
    this.#slots.take(target.client, reference, delivery.dueAt)
    this.#host.afterTurn(() => this.#ports.enqueue([reference]))
  }

  /** Whether the delivery may be attempted now. A queued one has its slot, unless the partition lost its memory. */
  mayLease(target: Target, reference: DeliveryReference): boolean {
    const { isUrgent = false } = reference
    const { free, rests } = this.#room(target, loadEndpoint(this.#host.sql, target.webhookId), { isUrgent })
    if (!this.#slots.has(target.client, reference)) return free > 0
    if (rests) this.#slots.free(target.client, reference)
    return !rests
  }

  onLeased(target: Target, leased: WebhookDelivery): void {
    this.#host.wakeBy(leased.dueAt)
    this.#slots.take(target.client, leased, leased.leasedUntil ?? leased.dueAt)
  }

  /** Frees the connection. A delivery that waits for it may get it, also one of the client's other webhooks. */
  onAttemptEnded(target: Target, reference: DeliveryReference): void {
    const now = this.#host.now()
    const wasFull = this.#slots.taken(target.client, target.webhookId, now).client >= this.#limits.perClient
    this.#slots.free(target.client, reference)
    if (wasFull) this.#host.wakeBy(now)
  }

  /** The delivery that has waited longest, where the webhook may have one more connection. */
  next(target: Target): WebhookDelivery | undefined {
    const { sql } = this.#host
    const now = this.#host.now()
    const { free } = this.#room(target, loadEndpoint(sql, target.webhookId), { isUrgent: false })
    if (free === 0) return undefined
    return loadDueOf(sql, target.webhookId, now, 1).find((delivery) => !isExpiredTest(delivery, now))
  }

  /** Fills the free connections of one webhook with its due deliveries. */
  fill(target: Target, endpoint: Endpoint = loadEndpoint(this.#host.sql, target.webhookId)): void {
    const now = this.#host.now()
    for (let portions = 0; portions < PORTIONS_MAX; portions += 1) {
      const { free } = this.#room(target, endpoint, { isUrgent: false })
      const due = free > 0 ? loadDueOf(this.#host.sql, target.webhookId, now, free) : []
      for (const delivery of due) this.#sendDue(target, delivery, now)
      if (due.length === 0) return
    }
  }

  #sendDue(target: Target, delivery: WebhookDelivery, now: Instant): void {
    const { sql } = this.#host
    if (isExpiredTest(delivery, now)) {
      updateDelivery(sql, expiredTest(delivery, now))
      return
    }
    const queued = enqueued(delivery, now)
    updateDelivery(sql, queued)
    this.send(target, queued, { isUrgent: false })
  }

  /** Sends the due deliveries of all webhooks. False where that failed for any webhook. */
  wake(): boolean {
    const now = this.#host.now()
    return loadBacklogs(this.#host.sql)
      .filter((backlog) => isWaiting(backlog) && (backlog.dueAt ?? now) <= now)
      .map((backlog) =>
        attempt(this.#host, { webhookId: backlog.webhookId }, () => this.fill(backlog, backlog.endpoint)),
      )
      .every(({ ok }) => ok)
  }

  /** When the next delivery may be sent. */
  nextAt(): Instant {
    const instants = loadBacklogs(this.#host.sql)
      .filter(isWaiting)
      .map((backlog) => {
        const { freeAt } = this.#room(backlog, backlog.endpoint, { isUrgent: false })
        return Math.max(backlog.dueAt ?? 0, freeAt)
      })
    return Math.min(...instants)
  }

  #room(target: Target, endpoint: Endpoint, { isUrgent }: { isUrgent: boolean }) {
    const now = this.#host.now()
    const { perEndpoint, perClient } = this.#limits
    const taken = this.#slots.taken(target.client, target.webhookId, now)
    const most = isUrgent ? perEndpoint : connectionsFor(endpoint, perEndpoint)
    const open = Math.min(most - taken.endpoint, perClient - taken.client)
    const rests = !isUrgent && now < endpoint.restsUntil
    const free = rests ? 0 : Math.max(open, 0)
    const freeAt = Math.max(open > 0 ? now : taken.until, isUrgent ? now : endpoint.restsUntil)
    return { free, freeAt, rests }
  }
}

const isWaiting = ({ disabledReason, dueAt }: Backlog): boolean =>
  disabledReason === undefined && dueAt !== undefined
