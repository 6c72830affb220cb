import { type Delivery, traceparentOf } from '../../src/operations/delivery.ts'
import type { DeliveryRef } from './webhook-deliveries.ts'

export const refTo = (delivery: Delivery): DeliveryRef => {
  const { webhookId, deliveryId } = delivery
  return { webhookId, deliveryId, traceparent: traceparentOf(delivery) }
}
