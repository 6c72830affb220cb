import type { PartitionHost } from '../messaging/partition.ts'
import { type Delivery, type TryOutcome, traceparentOf } from './delivery.ts'

/** Which delivery, as the queue carries it, and the trace of its event for the log. */
export type DeliveryRef = {
  webhookId: string
  deliveryId: string
  traceparent?: string | undefined
  /** A caller asks for it now: it goes out although the address rests. */
  isUrgent?: true | undefined
}

/** One try that a worker is to make. */
export type Try = DeliveryRef & { attempt: number; url: string; body: string; secrets: readonly string[] }

export type TryReport = DeliveryRef & { attempt: number; outcome: TryOutcome; wantsNext?: boolean }

export type DeliveryPorts = {
  host: PartitionHost
  /** Puts deliveries before whoever tries them, once the turn is durable. What gets lost is put there again. */
  enqueue(refs: readonly DeliveryRef[]): void
  newDeliveryId(): string
  /** For each client. */
  testsAnHourMax?: number
}

export const refTo = (delivery: Delivery): DeliveryRef => {
  const { webhookId, deliveryId } = delivery
  return { webhookId, deliveryId, traceparent: traceparentOf(delivery) }
}
