import type { DomainEvent } from '../../contracts/events.ts'
import { type Webhook, wants } from '../webhook.ts'
import { isTest, newDelivery, type WebhookDelivery } from '../webhook-delivery.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { insertDelivery, updateDelivery } from './delivery-store.ts'
import type { WebhookDispatch } from './webhook-dispatch.ts'
import { loadWebhooks } from './webhook-store.ts'

export type SendingPorts = Pick<DeliveryPorts, 'host' | 'newDeliveryId'> & { dispatch: WebhookDispatch }

/** In a turn: makes a delivery for each webhook that wants an event. A webhook that has the event keeps what it has. */
export const acceptEvents = (ports: SendingPorts, events: readonly DomainEvent[]): void => {
  const { host, newDeliveryId } = ports
  const webhooks = loadWebhooks(host.sql)
  for (const event of events)
    for (const webhook of webhooks.filter((each) => wants(each, event))) {
      const ids = { webhookId: webhook.webhookId, deliveryId: newDeliveryId() }
      sendNew(ports, webhook, newDelivery(event, ids, host.now()))
    }
}

/** Sends a new delivery at once, or lets it wait for a connection. Does nothing where the webhook has the event. */
export const sendNew = (
  { host, dispatch }: Omit<SendingPorts, 'newDeliveryId'>,
  webhook: Webhook,
  delivery: WebhookDelivery,
): void => {
  const urgency = { isUrgent: isTest(delivery) }
  const admitted = dispatch.admit(webhook, delivery, urgency)
  if (insertDelivery(host.sql, admitted)) dispatch.send(webhook, admitted, urgency)
}

/** Sends a known delivery again. An urgent one does not wait for the end of the address's rest. */
export const sendAgain = (
  { host, dispatch }: Omit<SendingPorts, 'newDeliveryId'>,
  webhook: Webhook,
  delivery: WebhookDelivery,
  urgency: { isUrgent: boolean },
): void => {
  const admitted = dispatch.admit(webhook, delivery, urgency)
  updateDelivery(host.sql, admitted)
  dispatch.send(webhook, admitted, urgency)
}
