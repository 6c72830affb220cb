import type { PartitionHost } from '../../messaging/partition.ts'
import type { DeliveryReference } from '../delivery-attempt.ts'

/** What deliveries need of their platform. */
export type DeliveryPorts = {
  host: PartitionHost
  /** Puts deliveries on the queue, once the turn is durable. A message that gets lost is put there again. */
  enqueue(references: readonly DeliveryReference[]): void
  newDeliveryId(): string
  /** Test deliveries that each client may ask for in an hour. */
  testsAnHourMax?: number
}
