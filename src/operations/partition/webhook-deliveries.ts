import { actsForAll, type Caller } from '../../contracts/caller.ts'
import type { DomainEvent } from '../../contracts/events.ts'
import { STORY_ITEMS_MAX } from '../../contracts/order-story.ts'
import { createHourlyAllowance } from '../../messaging/hourly-allowance.ts'
import type { DisabledReason, Webhook } from '../webhook.ts'
import { type DeliveryView, viewDelivery } from '../webhook-view.ts'
import { type BulkResendRequest, resendMany } from './bulk-resend.ts'
import { createDeliveryAttempts } from './delivery-attempts.ts'
import { type DeliveryPage, type DeliveryPosition, findDeliveries } from './delivery-list.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { acceptEvents } from './delivery-sending.ts'
import { loadDeliveriesOfOrder } from './delivery-store.ts'
import type { KeyedPorts } from './idempotent-view.ts'
import { resendDelivery, type SendRequest, sendTest, TESTS_AN_HOUR_MAX } from './requested-deliveries.ts'
import type { WebhookDispatch } from './webhook-dispatch.ts'
import { findWebhook } from './webhook-lookup.ts'

type Ports = DeliveryPorts &
  KeyedPorts & {
    dispatch: WebhookDispatch
    disable(webhook: Webhook, reason: DisabledReason): void
  }

/** Deliveries: each is a row that is due until it succeeded or was given up, and after that until it is forgotten. */
export const createWebhookDeliveries = (ports: Ports) => {
  const { host } = ports
  const tests = createHourlyAllowance(host, ports.testsAnHourMax ?? TESTS_AN_HOUR_MAX)
  return {
    ...createDeliveryAttempts(ports),
    accept: (events: readonly DomainEvent[]) => acceptEvents(ports, events),
    test: (wanted: SendRequest) => sendTest({ ...ports, tests }, wanted),
    resend: (wanted: SendRequest) => resendDelivery({ ...ports, tests }, wanted),
    resendMany: (wanted: BulkResendRequest) => resendMany(ports, wanted),

    /** Newest first. Undefined where the caller knows no such webhook. */
    list: (webhookId: string, caller: Caller, page: DeliveryPage): ListedDeliveries | undefined => {
      if (findWebhook(host.sql, webhookId, caller) === undefined) return undefined
      const { deliveries, ...rest } = findDeliveries(host.sql, webhookId, page)
      return { deliveries: deliveries.map(viewDelivery), ...rest }
    },

    /** Of an order's events, to the webhooks that the caller may manage; newest first. */
    ofOrder: (orderId: string, caller: Caller): (DeliveryView & { webhookId: string })[] =>
      loadDeliveriesOfOrder(host.sql, orderId, actsForAll(caller) ? undefined : caller.client)
        .filter(({ webhookId }) => findWebhook(host.sql, webhookId, caller) !== undefined)
        .slice(0, STORY_ITEMS_MAX)
        .map((delivery) => ({ webhookId: delivery.webhookId, ...viewDelivery(delivery) })),
  }
}

/** A page of deliveries. `goesOnAfter`: the list was read to here, and continues. */
type ListedDeliveries = { deliveries: DeliveryView[]; goesOnAfter?: DeliveryPosition }

export type WebhookDeliveries = ReturnType<typeof createWebhookDeliveries>
