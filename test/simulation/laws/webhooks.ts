import { ANNOUNCED } from '../../../src/contracts/webhook-types.ts'
import type { Delivery } from '../../../src/operations/delivery.ts'
import type { Order } from '../../../src/order/order.ts'
import type { System } from '../system.ts'
import type { Stored, Violated } from './stored.ts'

const LAW = 'what a webhook wants gets there'

/**
 * In a world where a webhook wants everything, every fact gets there, the same on every try. What got lost on our side
 * is not held against the address, which would be given up long before the promised day.
 */
export const checkWebhooks = (stored: Stored, system: System, violated: Violated): void => {
  if (system.setup.webhooks !== 'wanted') return
  const deliveries = system.webhooks
    .sql<{ document: string }>('SELECT document FROM deliveries')
    .map((row) => JSON.parse(row.document) as Delivery)
  const statuses = new Map(deliveries.map(({ eventId, status }) => [eventId, status]))
  for (const id of [...stored.orders.values()].flatMap(({ order }) => announcedIds(order))) {
    const status = statuses.get(id)
    if (status !== 'delivered') violated(LAW, `${id} is ${status ?? 'unknown'}`)
  }
  for (const { deliveryId, eventId, body, failures } of deliveries) {
    const known = system.receiver.failed.get(deliveryId) ?? 0
    if (failures > known)
      violated(LAW, `${eventId} counts ${failures} failures of an address that had ${known}`)
    const bodies = new Set(system.receiver.received.get(deliveryId))
    if (bodies.size !== 1 || !bodies.has(body))
      violated(LAW, `${eventId} came as ${[...bodies].join(' and ')}`)
  }
}

const announcedIds = ({ orderId, client, history }: Order): string[] =>
  history
    .filter(({ type }) => client !== null && ANNOUNCED.some((announced) => announced === type))
    .map(({ type, occurrence }) => [orderId, type, occurrence].filter((part) => part !== undefined).join('/'))
