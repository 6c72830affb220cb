import type { PartitionHost } from '../messaging/partition.ts'
import { type AttemptOutcome, traceparentOf, type WebhookDelivery } from './webhook-delivery.ts'

/** Which delivery, as the queue carries it, and the trace of its event for the log. */
export type DeliveryReference = {
  webhookId: string
  deliveryId: string
  traceparent?: string | undefined
  /** A caller asks for it now: it goes out although the address rests. */
  isUrgent?: true | undefined
}

/** One try that a worker is to make. */
export type DeliveryAttempt = DeliveryReference & {
  attempt: number
  url: string
  body: string
  secrets: readonly string[]
}

export type AttemptReport = DeliveryReference & {
  attempt: number
  outcome: AttemptOutcome
  wantsNext?: boolean
}

export type DeliveryPorts = {
  host: PartitionHost
  /** Puts deliveries before whoever tries them, once the turn is durable. What gets lost is put there again. */
  enqueue(references: readonly DeliveryReference[]): void
  newDeliveryId(): string
  /** For each client. */
  testsAnHourMax?: number
}

export const referenceTo = (delivery: WebhookDelivery): DeliveryReference => {
  const { webhookId, deliveryId } = delivery
  return { webhookId, deliveryId, traceparent: traceparentOf(delivery) }
}
