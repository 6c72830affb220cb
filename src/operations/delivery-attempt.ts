import type { AttemptOutcome } from './attempt-outcome.ts'
import { traceparentOf, type WebhookDelivery } from './webhook-delivery.ts'

/** Names a delivery in a message of the queue, with the trace of its event for the log. */
export type DeliveryReference = {
  webhookId: string
  deliveryId: string
  traceparent?: string | undefined
  /** A caller asks for it now, so it is attempted although the address rests. */
  isUrgent?: true | undefined
}

/** One request that a Worker is to send. */
export type DeliveryAttempt = DeliveryReference & {
  attempt: number
  url: string
  body: string
  secrets: readonly string[]
}

/** `wantsNext`: the Worker goes on with another attempt for the same address. */
export type AttemptReport = DeliveryReference & {
  attempt: number
  outcome: AttemptOutcome
  wantsNext?: boolean
}

export const referenceTo = (delivery: WebhookDelivery): DeliveryReference => {
  const { webhookId, deliveryId } = delivery
  return { webhookId, deliveryId, traceparent: traceparentOf(delivery) }
}
